// The nearest surface on a ray: quads two by two, then a tree of spheres, the boxes of both children at once. In every lane
// the operations and their order are those of kernels/render/intersect.ts; the tables' layout is in kernels/render/tables.ts.

const NEAR: f64 = 1e-7;
const NODE = 14 * 8;
const QUAD_PAIR = 24 * 8;
const SPHERE_PAIR = 10 * 8;

/** What waits to be looked at: where its box is entered, f64, and which it is, i32. A tree of 8,192 spheres is 12 deep. */
const waiting = memory.data(64 * 16, 16);

/** How far the hit is. */
export let hitT: f64 = 0;
let hit: i32 = -1;

/** What is hit before `limit`, or -1; with `any` the first that is found. */
export function intersect(tables: usize, x: f64, y: f64, z: f64, u: f64, v: f64, w: f64, limit: f64, any: bool): i32 {
  hit = -1;
  hitT = limit;
  const pairs = <i32>load<f64>(tables);
  hitQuads(tables + ((<usize>load<f64>(tables, 27 * 8)) << 3), pairs, x, y, z, u, v, w, any);
  if (any && hit >= 0) return hit;
  hitSpheres(tables, pairs * 2, x, y, z, u, v, w, any);
  return hit;
}

/** Takes the hits of both lanes, the first one first. */
function take(found: v128, t: v128, first: i32): void {
  const lanes = i64x2.bitmask(found);
  if (lanes & 1) {
    hitT = f64x2.extract_lane(t, 0);
    hit = first;
  }
  if (lanes & 2) {
    const second = f64x2.extract_lane(t, 1);
    if (second < hitT) {
      hitT = second;
      hit = first + 1;
    }
  }
}

function dot(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(ax, bx), f64x2.mul(ay, by)), f64x2.mul(az, bz));
}

function hitQuads(quads: usize, pairs: i32, x: f64, y: f64, z: f64, u: f64, v: f64, w: f64, any: bool): void {
  const ox = f64x2.splat(x);
  const oy = f64x2.splat(y);
  const oz = f64x2.splat(z);
  const dx = f64x2.splat(u);
  const dy = f64x2.splat(v);
  const dz = f64x2.splat(w);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const near = f64x2.splat(NEAR);
  let best = f64x2.splat(hitT);
  const end = quads + <usize>pairs * QUAD_PAIR;
  for (let at = quads, first = 0; at < end; at += QUAD_PAIR, first += 2) {
    const nx = v128.load(at, 0);
    const ny = v128.load(at, 16);
    const nz = v128.load(at, 32);
    const t = f64x2.div(f64x2.sub(v128.load(at, 48), dot(nx, ny, nz, ox, oy, oz)), dot(nx, ny, nz, dx, dy, dz));
    const ahead = v128.and(f64x2.gt(t, near), f64x2.lt(t, best));
    if (!v128.any_true(ahead)) continue;
    const px = f64x2.add(ox, f64x2.mul(t, dx));
    const py = f64x2.add(oy, f64x2.mul(t, dy));
    const pz = f64x2.add(oz, f64x2.mul(t, dz));
    const a = f64x2.sub(dot(v128.load(at, 64), v128.load(at, 80), v128.load(at, 96), px, py, pz), v128.load(at, 112));
    const b = f64x2.sub(
      dot(v128.load(at, 128), v128.load(at, 144), v128.load(at, 160), px, py, pz),
      v128.load(at, 176),
    );
    const inA = v128.and(f64x2.ge(a, zero), f64x2.le(a, one));
    const inB = v128.and(f64x2.ge(b, zero), f64x2.le(b, one));
    const found = v128.and(ahead, v128.and(inA, inB));
    if (!v128.any_true(found)) continue;
    take(found, t, first);
    if (any) return;
    best = f64x2.splat(hitT);
  }
}

/** One over a direction, finite for 0, so that no 0 * infinity makes a NaN. */
function inverse(d: f64): f64 {
  return (d < 0 ? -d : d) < 1e-30 ? 1e30 : 1 / d;
}

function hitSpheres(tables: usize, quads: i32, x: f64, y: f64, z: f64, u: f64, v: f64, w: f64, any: bool): void {
  const nodes = tables + ((<usize>load<f64>(tables, 29 * 8)) << 3);
  const spheres = tables + ((<usize>load<f64>(tables, 28 * 8)) << 3);
  const ox = f64x2.splat(x);
  const oy = f64x2.splat(y);
  const oz = f64x2.splat(z);
  const ix = f64x2.splat(inverse(u));
  const iy = f64x2.splat(inverse(v));
  const iz = f64x2.splat(inverse(w));
  const zero = f64x2.splat(0);
  let top = waiting;
  let node = <i32>load<f64>(tables, 16);
  while (true) {
    if (node < 0) {
      hitPair(spheres, -1 - node, quads, ox, oy, oz, f64x2.splat(u), f64x2.splat(v), f64x2.splat(w));
      if (any && hit >= 0) return;
    } else {
      const at = nodes + <usize>node * NODE;
      const x1 = f64x2.mul(f64x2.sub(v128.load(at, 0), ox), ix);
      const x2 = f64x2.mul(f64x2.sub(v128.load(at, 16), ox), ix);
      const y1 = f64x2.mul(f64x2.sub(v128.load(at, 32), oy), iy);
      const y2 = f64x2.mul(f64x2.sub(v128.load(at, 48), oy), iy);
      const z1 = f64x2.mul(f64x2.sub(v128.load(at, 64), oz), iz);
      const z2 = f64x2.mul(f64x2.sub(v128.load(at, 80), oz), iz);
      const first = f64x2.pmax(f64x2.pmax(f64x2.pmin(x1, x2), f64x2.pmin(y1, y2)), f64x2.pmin(z1, z2));
      const last = f64x2.pmin(f64x2.pmin(f64x2.pmax(x1, x2), f64x2.pmax(y1, y2)), f64x2.pmax(z1, z2));
      const entered = v128.and(
        v128.and(f64x2.le(first, last), f64x2.gt(last, zero)),
        f64x2.lt(first, f64x2.splat(hitT)),
      );
      const lanes = i64x2.bitmask(entered);
      if (lanes) {
        const one = <i32>load<f64>(at, 96);
        const two = <i32>load<f64>(at, 104);
        if (lanes === 3) {
          const a = f64x2.extract_lane(first, 0);
          const b = f64x2.extract_lane(first, 1);
          const oneFirst = a <= b;
          store<f64>(top, oneFirst ? b : a);
          store<i32>(top, oneFirst ? two : one, 8);
          top += 16;
          node = oneFirst ? one : two;
        } else node = lanes === 1 ? one : two;
        continue;
      }
    }
    // What waits may lie behind what was hit since.
    while (true) {
      if (top === waiting) return;
      top -= 16;
      if (load<f64>(top) < hitT) break;
    }
    node = load<i32>(top, 8);
  }
}

function hitPair(
  spheres: usize,
  pair: i32,
  quads: i32,
  ox: v128,
  oy: v128,
  oz: v128,
  dx: v128,
  dy: v128,
  dz: v128,
): void {
  const at = spheres + <usize>pair * SPHERE_PAIR;
  const cx = f64x2.sub(v128.load(at, 0), ox);
  const cy = f64x2.sub(v128.load(at, 16), oy);
  const cz = f64x2.sub(v128.load(at, 32), oz);
  const b = dot(cx, cy, cz, dx, dy, dz);
  const square = f64x2.sub(dot(cx, cy, cz, cx, cy, cz), v128.load(at, 48));
  const disc = f64x2.sub(f64x2.mul(b, b), square);
  const real = f64x2.gt(disc, f64x2.splat(0));
  if (!v128.any_true(real)) return;
  const root = f64x2.sqrt(disc);
  const near = f64x2.splat(NEAR);
  const front = f64x2.sub(b, root);
  const t = v128.bitselect(front, f64x2.add(b, root), f64x2.gt(front, near));
  const found = v128.and(real, v128.and(f64x2.gt(t, near), f64x2.lt(t, f64x2.splat(hitT))));
  if (v128.any_true(found)) take(found, t, quads + pair * 2);
}
