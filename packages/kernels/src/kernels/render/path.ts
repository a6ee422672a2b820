import type { Ray } from './intersect.ts';
import { OFFSETS, pcg4d, STEPS } from './random.ts';

/** A light path under way. */
export interface Path {
  tables: Float64Array;
  ray: Ray;
  /** From a surface to a light. */
  shadow: Ray;
  /** Random words of the bounce, and a draw of them. */
  words: Uint32Array;
  block: Uint32Array;
  /** Light found so far. */
  r: number;
  g: number;
  b: number;
  /** Share of light from here on that reaches the eye. */
  shareR: number;
  shareG: number;
  shareB: number;
  /** The last surface sent the ray one way only: it did not aim at the lights. */
  straight: boolean;
  /** Outward normal where the ray hit. */
  nx: number;
  ny: number;
  nz: number;
}

export function newPath(tables: Float64Array): Path {
  const ray = { ox: 0, oy: 0, oz: 0, dx: 0, dy: 0, dz: 0, t: 0, hit: -1 };
  const numbers = { r: 0, g: 0, b: 0, shareR: 1, shareG: 1, shareB: 1, nx: 0, ny: 0, nz: 0 };
  const words = { words: new Uint32Array(8), block: new Uint32Array(4) };
  return { tables, ray, shadow: { ...ray }, ...words, ...numbers, straight: true };
}

/** Eight random words of a bounce, which follow the pixel's even sequence when `even`. */
export function draw(path: Path, pixel: number, sample: number, bounce: number, seed: number, even: boolean): void {
  const { words, block } = path;
  const drawn = even ? OFFSETS : sample;
  pcg4d(pixel, drawn, bounce * 2, seed, block);
  words.set(block);
  pcg4d(pixel, drawn, bounce * 2 + 1, seed, block);
  words.set(block, 4);
  if (!even) return;
  for (let i = 0; i < 8; i++) {
    words[i] = (words[i] as number) + Math.imul(sample, STEPS[bounce * 4 + i] as number);
  }
}

/** Random number `i` of the bounce, in (0, 1). */
export const random = ({ words }: Path, i: number): number => ((words[i] as number) + 0.5) * 2 ** -32;

/** Points the ray along (x, y, z). */
export function turn(ray: Ray, x: number, y: number, z: number): void {
  const k = 1 / Math.sqrt(x * x + y * y + z * z);
  ray.dx = x * k;
  ray.dy = y * k;
  ray.dz = z * k;
}

/** Where the last mapping of two random numbers to the disc of radius 1 came out; no allocation on the way. */
export const disc = { x: 0, y: 0 };

/** Shirley and Chiu's concentric map ("A Low Distortion Map Between Disk and Square", 1997), its angles by Taylor's series. */
export function toDisc(u: number, v: number): void {
  const a = 2 * u - 1;
  const b = 2 * v - 1;
  const wide = a * a > b * b;
  const r = wide ? a : b;
  const angle = 0.7853981633974483 * (wide ? b / a : a / b);
  const q = angle * angle;
  const sin =
    angle *
    (1 +
      q *
        (-0.16666666666666666 + q * (0.008333333333333333 + q * (-0.0001984126984126984 + q * 2.7557319223985893e-6))));
  const cos =
    1 +
    q *
      (-0.5 +
        q *
          (0.041666666666666664 + q * (-0.001388888888888889 + q * (2.48015873015873e-5 + q * -2.755731922398589e-7))));
  disc.x = wide ? r * cos : r * sin;
  disc.y = wide ? r * sin : r * cos;
}
