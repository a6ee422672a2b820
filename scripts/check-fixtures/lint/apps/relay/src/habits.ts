export const anything: any = process.env.HOME;

export function shout(): void {
  console.log(anything);
}
