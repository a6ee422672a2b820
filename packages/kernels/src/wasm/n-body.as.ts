// AssemblyScript; built by scripts/build-wasm.ts. Four targets a time in f32x4; sums of a tile of 256 sources in f32, in
// groups of 8 and of 64 so that no term is rounded often, and above a tile in f64 (kernels/n-body/tolerance.ts).

const TILE = 256;

// Sums of one group of eight sources for four targets.
let gx: v128 = f32x4.splat(0);
let gy: v128 = f32x4.splat(0);
let gz: v128 = f32x4.splat(0);
let gp: v128 = f32x4.splat(0);
let gq: v128 = f32x4.splat(0);

/** Adds what eight sources from `at` (index `j`) on do to four targets; `masked` when a target may be among them. */
function group(at: usize, j: i32, masked: bool, self: v128, x: v128, y: v128, z: v128, e2: v128): void {
  let ax = f32x4.splat(0);
  let ay = f32x4.splat(0);
  let az = f32x4.splat(0);
  let p = f32x4.splat(0);
  let q = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let k = 0; k < 8; k++) {
    const body = at + ((<usize>k) << 4);
    const dx = f32x4.sub(v128.load_splat<f32>(body, 0), x);
    const dy = f32x4.sub(v128.load_splat<f32>(body, 4), y);
    const dz = f32x4.sub(v128.load_splat<f32>(body, 8), z);
    let m = v128.load_splat<f32>(body, 12);
    if (masked) m = v128.andnot(m, i32x4.eq(i32x4.splat(j + k), self));
    const r2 = f32x4.add(f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), f32x4.mul(dz, dz)), e2);
    const inverse = f32x4.div(one, f32x4.sqrt(r2));
    const w = f32x4.mul(m, inverse);
    const pull = f32x4.mul(w, inverse);
    const s = f32x4.mul(pull, inverse);
    ax = f32x4.add(ax, f32x4.mul(s, dx));
    ay = f32x4.add(ay, f32x4.mul(s, dy));
    az = f32x4.add(az, f32x4.mul(s, dz));
    p = f32x4.sub(p, w);
    q = f32x4.add(q, pull);
  }
  gx = ax;
  gy = ay;
  gz = az;
  gp = p;
  gq = q;
}

/** Adds the four f32 of `v` to four f64 at `at`, 40 bytes apart. */
function spread(at: usize, v: v128): void {
  const low = f64x2.promote_low_f32x4(v);
  const high = f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
  store<f64>(at, load<f64>(at) + f64x2.extract_lane(low, 0));
  store<f64>(at + 40, load<f64>(at + 40) + f64x2.extract_lane(low, 1));
  store<f64>(at + 80, load<f64>(at + 80) + f64x2.extract_lane(high, 0));
  store<f64>(at + 120, load<f64>(at + 120) + f64x2.extract_lane(high, 1));
}

/**
 * Writes ax, ay, az, the potential and the pull as f64 at `out` for the targets `first` to `first` + `count` - 1 (`count` a
 * multiple of 4) of `n` bodies at `bodies` (n a multiple of 8): f32 x, y, z and mass each. Bodies that only fill up have no
 * mass.
 * @public
 */
export function field(bodies: usize, n: i32, first: i32, count: i32, softening2: f32, out: usize): void {
  const e2 = f32x4.splat(softening2);
  for (let t = 0; t < count; t += 4) {
    const at = bodies + ((<usize>(first + t)) << 4);
    // Four bodies to one vector of each coordinate.
    const b0 = v128.load(at, 0);
    const b1 = v128.load(at, 16);
    const b2 = v128.load(at, 32);
    const b3 = v128.load(at, 48);
    const xy01 = i32x4.shuffle(b0, b1, 0, 4, 1, 5);
    const xy23 = i32x4.shuffle(b2, b3, 0, 4, 1, 5);
    const x = i32x4.shuffle(xy01, xy23, 0, 1, 4, 5);
    const y = i32x4.shuffle(xy01, xy23, 2, 3, 6, 7);
    const z = i32x4.shuffle(i32x4.shuffle(b0, b1, 2, 6, 3, 7), i32x4.shuffle(b2, b3, 2, 6, 3, 7), 0, 1, 4, 5);
    const self = i32x4.add(i32x4.splat(first + t), i32x4(0, 1, 2, 3));
    const result = out + <usize>t * 40;
    memory.fill(result, 0, 160);
    for (let tile = 0; tile < n; tile += TILE) {
      const end = min(tile + TILE, n);
      let tx = f32x4.splat(0);
      let ty = f32x4.splat(0);
      let tz = f32x4.splat(0);
      let tp = f32x4.splat(0);
      let tq = f32x4.splat(0);
      for (let part = tile; part < end; part += 64) {
        const stop = min(part + 64, end);
        let px = f32x4.splat(0);
        let py = f32x4.splat(0);
        let pz = f32x4.splat(0);
        let pp = f32x4.splat(0);
        let pq = f32x4.splat(0);
        for (let j = part; j < stop; j += 8) {
          const sources = bodies + ((<usize>j) << 4);
          // One call, which the compiler then writes in place: two took more than twice as long.
          group(sources, j, j + 8 > first + t && j < first + t + 4, self, x, y, z, e2);
          px = f32x4.add(px, gx);
          py = f32x4.add(py, gy);
          pz = f32x4.add(pz, gz);
          pp = f32x4.add(pp, gp);
          pq = f32x4.add(pq, gq);
        }
        tx = f32x4.add(tx, px);
        ty = f32x4.add(ty, py);
        tz = f32x4.add(tz, pz);
        tp = f32x4.add(tp, pp);
        tq = f32x4.add(tq, pq);
      }
      spread(result, tx);
      spread(result + 8, ty);
      spread(result + 16, tz);
      spread(result + 24, tp);
      spread(result + 32, tq);
    }
  }
}
