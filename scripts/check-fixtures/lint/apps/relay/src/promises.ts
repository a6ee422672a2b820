const send = async (): Promise<void> => {};

export function floatingCall(): void {
  send();
}

export function floatingChain(): void {
  send().then(() => 1);
}

export function misusedInCallback(values: number[]): void {
  values.forEach(async () => send());
}

export function misusedInCondition(): number {
  return send() ? 1 : 2;
}
