// AssemblyScript; built by scripts/build-wasm.ts. Two pixels a time in f64x2: only + - * and compare, so every lane
// has the bits of the scalar reference (kernels/mandelbrot/reference.ts).

/**
 * Writes `rows` rows of `width` u16 iteration counts at `out`. Pixel (x, y) of this block is the point
 * (left + x * step, top - y * step); the caller passes the block's own first pixel indices in x0 and y0.
 * @public
 */
export function rows(
  out: usize,
  x0: i32,
  y0: i32,
  width: i32,
  height: i32,
  left: f64,
  top: f64,
  step: f64,
  maxIterations: i32,
): void {
  const four = f64x2.splat(4);
  for (let y = 0; y < height; y++) {
    const ci = f64x2.splat(top - <f64>(y0 + y) * step);
    for (let x = 0; x < width; x += 2) {
      const cr = f64x2.replace_lane(f64x2.splat(left + <f64>(x0 + x) * step), 1, left + <f64>(x0 + x + 1) * step);
      let zr = f64x2.splat(0);
      let zi = f64x2.splat(0);
      let alive = i64x2.splat(-1);
      let count = i64x2.splat(0);
      for (let i = 0; i < maxIterations; i++) {
        const rr = f64x2.mul(zr, zr);
        const ii = f64x2.mul(zi, zi);
        alive = v128.and(alive, f64x2.le(f64x2.add(rr, ii), four));
        if (!v128.any_true(alive)) break;
        // alive lanes are -1.
        count = i64x2.sub(count, alive);
        zi = f64x2.add(f64x2.mul(f64x2.add(zr, zr), zi), ci);
        zr = f64x2.add(f64x2.sub(rr, ii), cr);
      }
      const at = out + ((<usize>y * width + x) << 1);
      store<u16>(at, <u16>i64x2.extract_lane(count, 0));
      if (x + 1 < width) store<u16>(at + 2, <u16>i64x2.extract_lane(count, 1));
    }
  }
}
