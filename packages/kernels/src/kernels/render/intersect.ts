import { HEADER, QUAD_PAIR, SPHERE_PAIR } from './tables.ts';
import { NODE } from './tree.ts';

/** Hits nearer than this are the surface that a ray starts from. */
export const NEAR = 1e-7;
export const FAR = 1e30;

/** A ray, what it may hit and what it hit. Directions have length 1. */
export interface Ray {
  ox: number;
  oy: number;
  oz: number;
  dx: number;
  dy: number;
  dz: number;
  /** Before: the farthest that counts. After: how far the hit is. */
  t: number;
  /** A quad's index, or 2 · the quad pairs + a sphere's; −1 for none. */
  hit: number;
}

/** Finds the nearest hit, or with `any` whether there is one. */
export function intersect(tables: Float64Array, ray: Ray, any: boolean): void {
  ray.hit = -1;
  hitQuads(tables, ray, any);
  if (any && ray.hit >= 0) return;
  hitSpheres(tables, ray, any);
}

function hitQuads(tables: Float64Array, ray: Ray, any: boolean): void {
  const value = (i: number) => tables[i] as number;
  const { ox, oy, oz, dx, dy, dz } = ray;
  const quads = value(HEADER.quadPairs) * 2;
  for (let i = 0; i < quads; i++) {
    const at = value(HEADER.quadsAt) + (i >> 1) * QUAD_PAIR + (i & 1);
    const [nx, ny, nz] = [value(at), value(at + 2), value(at + 4)];
    const t = (value(at + 6) - (nx * ox + ny * oy + nz * oz)) / (nx * dx + ny * dy + nz * dz);
    const [px, py, pz] = [ox + t * dx, oy + t * dy, oz + t * dz];
    const a = value(at + 8) * px + value(at + 10) * py + value(at + 12) * pz - value(at + 14);
    const b = value(at + 16) * px + value(at + 18) * py + value(at + 20) * pz - value(at + 22);
    // A filler's t is NaN, of which all of these are false.
    if (t > NEAR && t < ray.t && a >= 0 && a <= 1 && b >= 0 && b <= 1) {
      ray.t = t;
      ray.hit = i;
      if (any) return;
    }
  }
}

/** One over a direction, finite for 0, so that no 0 · ∞ makes a NaN. */
const inverse = (d: number): number => ((d < 0 ? -d : d) < 1e-30 ? 1e30 : 1 / d);
// What f64x2.pmin and pmax do.
const lower = (a: number, b: number): number => (b < a ? b : a);
const higher = (a: number, b: number): number => (a < b ? b : a);

function hitSpheres(tables: Float64Array, ray: Ray, any: boolean): void {
  const value = (i: number) => tables[i] as number;
  const { ox, oy, oz } = ray;
  const [ix, iy, iz] = [inverse(ray.dx), inverse(ray.dy), inverse(ray.dz)];
  const waiting: number[] = [];
  /** How far the box is entered, or NaN where it is missed. */
  const enter = (at: number): number => {
    const [x1, x2] = [(value(at) - ox) * ix, (value(at + 2) - ox) * ix];
    const [y1, y2] = [(value(at + 4) - oy) * iy, (value(at + 6) - oy) * iy];
    const [z1, z2] = [(value(at + 8) - oz) * iz, (value(at + 10) - oz) * iz];
    const first = higher(higher(lower(x1, x2), lower(y1, y2)), lower(z1, z2));
    const last = lower(lower(higher(x1, x2), higher(y1, y2)), higher(z1, z2));
    return first <= last && last > 0 && first < ray.t ? first : Number.NaN;
  };
  let node = value(HEADER.root);
  for (;;) {
    if (node < 0) {
      hitPair(tables, ray, -1 - node, any);
      if (any && ray.hit >= 0) return;
    } else {
      const at = value(HEADER.nodesAt) + node * NODE;
      const [first, second] = [enter(at), enter(at + 1)];
      const [one, two] = [value(at + 12), value(at + 13)];
      if (first <= second) {
        waiting.push(second, two);
        node = one;
        continue;
      }
      if (second < first) {
        waiting.push(first, one);
        node = two;
        continue;
      }
      // At least one is missed.
      if (first === first || second === second) {
        node = first === first ? one : two;
        continue;
      }
    }
    // What waits may lie behind what was hit since.
    for (;;) {
      const next = waiting.pop();
      if (next === undefined) return;
      node = next;
      if ((waiting.pop() as number) < ray.t) break;
    }
  }
}

function hitPair(tables: Float64Array, ray: Ray, pair: number, any: boolean): void {
  const value = (i: number) => tables[i] as number;
  const { ox, oy, oz, dx, dy, dz } = ray;
  for (let lane = 0; lane < 2; lane++) {
    const at = value(HEADER.spheresAt) + pair * SPHERE_PAIR + lane;
    const [cx, cy, cz] = [value(at) - ox, value(at + 2) - oy, value(at + 4) - oz];
    const b = cx * dx + cy * dy + cz * dz;
    const disc = b * b - (cx * cx + cy * cy + cz * cz - value(at + 6));
    if (!(disc > 0)) continue;
    const root = Math.sqrt(disc);
    const t = b - root > NEAR ? b - root : b + root;
    if (t > NEAR && t < ray.t) {
      ray.t = t;
      ray.hit = value(HEADER.quadPairs) * 2 + pair * 2 + lane;
      if (any) return;
    }
  }
}
