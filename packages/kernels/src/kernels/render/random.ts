/**
 * pcg4d (Jarzynski, Olano: "Hash Functions for GPU Rendering", JCGT 9(3), 2020): four random u32 of four, with 32-bit
 * multiplications alone. Any pixel, sample and bounce has its own words, so any can be replayed. Written into `out`.
 */
export function pcg4d(x: number, y: number, z: number, w: number, out: Uint32Array): void {
  let a = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  let b = (Math.imul(y, 1_664_525) + 1_013_904_223) | 0;
  let c = (Math.imul(z, 1_664_525) + 1_013_904_223) | 0;
  let d = (Math.imul(w, 1_664_525) + 1_013_904_223) | 0;
  a = (a + Math.imul(b, d)) | 0;
  b = (b + Math.imul(c, a)) | 0;
  c = (c + Math.imul(a, b)) | 0;
  d = (d + Math.imul(b, c)) | 0;
  a ^= a >>> 16;
  b ^= b >>> 16;
  c ^= c >>> 16;
  d ^= d >>> 16;
  a = (a + Math.imul(b, d)) | 0;
  b = (b + Math.imul(c, a)) | 0;
  c = (c + Math.imul(a, b)) | 0;
  d = (d + Math.imul(b, c)) | 0;
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/**
 * Fractions of the square roots of the first twelve primes in 32 bits. Where sample s of a pixel passes the pixel and the
 * lens, and what it does at the first surface, is the pixel's own offset + s times these, so that a pixel's samples lie evenly
 * (Richtmyer's sequence; Niederreiter 1978).
 */
export const STEPS: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19, 0xcbbb9d5d,
  0x629a292a, 0x9159015a, 0x152fecd8,
];
/** The sample number under which a pixel's offsets are drawn. */
export const OFFSETS = 0xffffffff;
