export const now = (): number => Date.now();
export const later = (f: () => void): unknown => setTimeout(f, 1);
export const get = (): Promise<unknown> => fetch('https://example.org');
export const key = (): Uint8Array => crypto.getRandomValues(new Uint8Array(1));
export const draw = (): number => Math.random();
