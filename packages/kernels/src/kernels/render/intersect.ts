import { HEADER, QUAD_PAIR, SPHERE_PAIR } from './tables.ts';
import { NODE } from './tree.ts';

/** Hits nearer than this are the surface that a ray starts from. */
const NEAR = 1e-7;
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
  const { ox, oy, oz, dx, dy, dz } = ray;
  const first = tables[HEADER.quadsAt] as number;
  const quads = (tables[HEADER.quadPairs] as number) * 2;
  for (let i = 0; i < quads; i++) {
    const at = first + (i >> 1) * QUAD_PAIR + (i & 1);
    const nx = tables[at] as number;
    const ny = tables[at + 2] as number;
    const nz = tables[at + 4] as number;
    const t = ((tables[at + 6] as number) - (nx * ox + ny * oy + nz * oz)) / (nx * dx + ny * dy + nz * dz);
    // A filler's t is NaN, which is neither.
    if (!(t > NEAR && t < ray.t)) continue;
    const px = ox + t * dx;
    const py = oy + t * dy;
    const pz = oz + t * dz;
    const a = along(tables, at + 8, px, py, pz);
    const b = along(tables, at + 16, px, py, pz);
    if (!(a >= 0 && a <= 1 && b >= 0 && b <= 1)) continue;
    ray.t = t;
    ray.hit = i;
    if (any) return;
  }
}

/** How far a point lies along a side of a quad, whose dual and product with the corner are at `at`. */
const along = (tables: Float64Array, at: number, x: number, y: number, z: number): number =>
  (tables[at] as number) * x +
  (tables[at + 2] as number) * y +
  (tables[at + 4] as number) * z -
  (tables[at + 6] as number);

/** One over a direction, finite for 0, so that no 0 · ∞ makes a NaN. */
const inverse = (d: number): number => ((d < 0 ? -d : d) < 1e-30 ? 1e30 : 1 / d);
// What f64x2.pmin and pmax do.
const lower = (a: number, b: number): number => (b < a ? b : a);
const higher = (a: number, b: number): number => (a < b ? b : a);

/** Children that wait: where each is entered, then which it is. */
const waiting = new Float64Array(128);

function hitSpheres(tables: Float64Array, ray: Ray, any: boolean): void {
  const nodesAt = tables[HEADER.nodesAt] as number;
  const ix = inverse(ray.dx);
  const iy = inverse(ray.dy);
  const iz = inverse(ray.dz);
  let top = 0;
  let node = tables[HEADER.root] as number;
  for (;;) {
    if (node < 0) {
      hitPair(tables, ray, -1 - node, any);
      if (any && ray.hit >= 0) return;
    } else {
      const at = nodesAt + node * NODE;
      const first = enter(tables, ray, at, ix, iy, iz);
      const second = enter(tables, ray, at + 1, ix, iy, iz);
      const one = tables[at + 12] as number;
      const two = tables[at + 13] as number;
      if (first < FAR && second < FAR) {
        const oneFirst = first <= second;
        waiting[top] = oneFirst ? second : first;
        waiting[top + 1] = oneFirst ? two : one;
        top += 2;
        node = oneFirst ? one : two;
        continue;
      }
      if (first < FAR || second < FAR) {
        node = first < FAR ? one : two;
        continue;
      }
    }
    // What waits may lie behind what was hit since.
    do {
      if (top === 0) return;
      top -= 2;
    } while (!((waiting[top] as number) < ray.t));
    node = waiting[top + 1] as number;
  }
}

/** How far the box at `at` is entered, or FAR where it is missed or lies behind the hit. */
function enter(tables: Float64Array, ray: Ray, at: number, ix: number, iy: number, iz: number): number {
  const x1 = ((tables[at] as number) - ray.ox) * ix;
  const x2 = ((tables[at + 2] as number) - ray.ox) * ix;
  const y1 = ((tables[at + 4] as number) - ray.oy) * iy;
  const y2 = ((tables[at + 6] as number) - ray.oy) * iy;
  const z1 = ((tables[at + 8] as number) - ray.oz) * iz;
  const z2 = ((tables[at + 10] as number) - ray.oz) * iz;
  const first = higher(higher(lower(x1, x2), lower(y1, y2)), lower(z1, z2));
  const last = lower(lower(higher(x1, x2), higher(y1, y2)), higher(z1, z2));
  return first <= last && last > 0 && first < ray.t ? first : FAR;
}

function hitPair(tables: Float64Array, ray: Ray, pair: number, any: boolean): void {
  const { ox, oy, oz, dx, dy, dz } = ray;
  for (let lane = 0; lane < 2; lane++) {
    const at = (tables[HEADER.spheresAt] as number) + pair * SPHERE_PAIR + lane;
    const cx = (tables[at] as number) - ox;
    const cy = (tables[at + 2] as number) - oy;
    const cz = (tables[at + 4] as number) - oz;
    const b = cx * dx + cy * dy + cz * dz;
    const disc = b * b - (cx * cx + cy * cy + cz * cz - (tables[at + 6] as number));
    if (!(disc > 0)) continue;
    const root = Math.sqrt(disc);
    const t = b - root > NEAR ? b - root : b + root;
    if (!(t > NEAR && t < ray.t)) continue;
    ray.t = t;
    ray.hit = (tables[HEADER.quadPairs] as number) * 2 + pair * 2 + lane;
    if (any) return;
  }
}
