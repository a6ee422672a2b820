import { mulhi } from './mulhi.ts';

/** Four u32 of a counter; two (Philox) or four (Threefry) of a key. */
export type Words4 = readonly [number, number, number, number];

/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC11; Random123 1.14): four
 * random u32 that depend on the counter and the key alone. The first two words of the key are used.
 */
export function philox4x32(counter: Words4, key: Words4): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = mulhi(c0, 0xd2511f53);
    const low0 = Math.imul(c0, 0xd2511f53) >>> 0;
    const high2 = mulhi(c2, 0xcd9e8d57);
    const low2 = Math.imul(c2, 0xcd9e8d57) >>> 0;
    [c0, c1, c2, c3] = [(high2 ^ c1 ^ k0) >>> 0, low2, (high0 ^ c3 ^ k1) >>> 0, low0];
    // The golden ratio and √3 − 1, as the paper has them.
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}
