import type { Words4 } from './philox.ts';

/** Rotations of the two pairs in each of eight rounds, which then repeat (Random123, threefry4x32). */
const FIRST = [10, 11, 13, 23, 6, 17, 25, 18];
const SECOND = [26, 21, 27, 5, 20, 11, 10, 20];

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** Threefry4x32-20 (the same paper): four random u32 from additions, rotations and exclusive ors alone. */
export function threefry4x32(counter: Words4, key: Words4): Words4 {
  const last = 0x1bd11bda ^ key[0] ^ key[1] ^ key[2] ^ key[3];
  const keys = Int32Array.of(...key, last, ...key, last);
  let x0 = (counter[0] + key[0]) | 0;
  let x1 = (counter[1] + key[1]) | 0;
  let x2 = (counter[2] + key[2]) | 0;
  let x3 = (counter[3] + key[3]) | 0;
  for (let turn = 1; turn <= 5; turn++) {
    for (let i = 0; i < 4; i += 2) {
      const round = (turn % 2 === 1 ? 0 : 4) + i;
      // Words 1 and 3 change places every round, so the pairs are (0, 1), (2, 3) and (0, 3), (2, 1) in turn.
      x0 = (x0 + x1) | 0;
      x1 = rotate(x1, FIRST[round] as number) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = rotate(x3, SECOND[round] as number) ^ x2;
      x0 = (x0 + x3) | 0;
      x3 = rotate(x3, FIRST[round + 1] as number) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = rotate(x1, SECOND[round + 1] as number) ^ x2;
    }
    const from = turn % 5;
    x0 = (x0 + (keys[from] as number)) | 0;
    x1 = (x1 + (keys[from + 1] as number)) | 0;
    x2 = (x2 + (keys[from + 2] as number)) | 0;
    x3 = (x3 + (keys[from + 3] as number) + turn) | 0;
  }
  return [x0 >>> 0, x1 >>> 0, x2 >>> 0, x3 >>> 0];
}
