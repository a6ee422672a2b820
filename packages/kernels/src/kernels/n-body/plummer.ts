import { philox4x32, type Words4 } from '../monte-carlo/philox.ts';

/** Enclosed share of the mass, to the power of 1/3, at which the sphere is cut: radius 22. */
const EDGE = 0.999;

/**
 * A Plummer sphere of `count` equal bodies: scale radius 1, total mass 1, float32 [count, 4] as x, y, z, mass. Body i follows
 * from the seed and i alone, by Philox words, + − × ÷ and square roots, so every engine makes the same bytes.
 *
 * The mass within r is s³ with s = r / √(1 + r²) (Aarseth, Hénon, Wielen 1974), and the largest of three uniform numbers is
 * below s with probability s³: so it is drawn without a power. Directions are Marsaglia's (1972).
 */
export function plummerSphere(count: number, seed: number): Float32Array {
  const bodies = new Float32Array(count * 4);
  const key: Words4 = [seed % 2 ** 32, Math.floor(seed / 2 ** 32), 0, 0];
  for (let i = 0; i < count; i++) {
    let attempt = 0;
    const draw = () => philox4x32([i, attempt++, 0, 0], key).map((word) => (word + 0.5) / 2 ** 32);
    let s = 1;
    while (s > EDGE) {
      const [a = 0, b = 0, c = 0] = draw();
      s = a > b ? (a > c ? a : c) : b > c ? b : c;
    }
    let [p, q, square] = [0, 0, 2];
    while (square >= 1) {
      const [a = 0, b = 0] = draw();
      [p, q] = [2 * a - 1, 2 * b - 1];
      square = p * p + q * q;
    }
    const radius = s / Math.sqrt(1 - s * s);
    const root = 2 * Math.sqrt(1 - square);
    bodies.set([radius * (p * root), radius * (q * root), radius * (1 - 2 * square), 1 / count], i * 4);
  }
  return bodies;
}
