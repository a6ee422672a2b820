// AssemblyScript, imported by hash-search.as.ts. The constants and functions of SHA-256 (FIPS 180-4); those that take a
// v128 work on four words at once.

/** K of FIPS 180-4, 4.2.2, then the first state H of 5.3.3. */
// biome-ignore format: eight a line.
export const K = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
export const H = K + 256;

/** Lower-case sigma of one word, FIPS 180-4, 4.1.2: turned by i, turned by k, moved by n. */
export function sigma(x: u32, i: i32, k: i32, n: i32): u32 {
  return rotr<u32>(x, i) ^ rotr<u32>(x, k) ^ (x >> n);
}

function turn(x: v128, n: i32): v128 {
  return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n));
}

/** Lower-case sigma 0. */
export function s0(x: v128): v128 {
  return v128.xor(v128.xor(turn(x, 7), turn(x, 18)), i32x4.shr_u(x, 3));
}

/** Lower-case sigma 1. */
export function s1(x: v128): v128 {
  return v128.xor(v128.xor(turn(x, 17), turn(x, 19)), i32x4.shr_u(x, 10));
}

/** T1 of round t, FIPS 180-4, 6.2.2; `k` and `w` are the addresses of K[t] and w[t]. */
export function t1(e: v128, f: v128, g: v128, h: v128, k: usize, w: usize): v128 {
  const sum = v128.xor(v128.xor(turn(e, 6), turn(e, 11)), turn(e, 25));
  const choice = v128.bitselect(f, g, e);
  return i32x4.add(i32x4.add(h, i32x4.add(v128.load32_splat(k), v128.load(w))), i32x4.add(sum, choice));
}

/** T2. */
export function t2(a: v128, b: v128, c: v128): v128 {
  const sum = v128.xor(v128.xor(turn(a, 2), turn(a, 13)), turn(a, 22));
  const majority = v128.bitselect(c, b, v128.xor(a, b));
  return i32x4.add(sum, majority);
}
