import type { Random } from '@reckon/protocol/base/ports';

/** The platform's generator of unpredictable bytes. */
export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  u32: () => (crypto.getRandomValues(new Uint32Array(1)) as Uint32Array)[0] as number,
};
