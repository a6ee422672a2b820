// AssemblyScript; built by scripts/build-wasm.ts. Integers only, so the result is exact; k up to 65,536 cannot overflow
// an i32 sum of products of two i8 (65,536 * 2^14 = 2^30).

function sum(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/**
 * c[i, j] = Σ a[i, k] · b[j, k] over int16 rows of `k` elements (a multiple of 8, zero-padded; n a multiple of 4);
 * c is i32 [m, n]. Two rows of a by four of b at a time.
 * @public
 */
export function multiply(a: usize, b: usize, c: usize, m: i32, n: i32, k: i32): void {
  const row = (<usize>k) << 1;
  for (let i = 0; i < m; i += 2) {
    const a0 = a + <usize>i * row;
    // An odd last row is multiplied with itself and stored once.
    const pair = i + 1 < m;
    const a1 = pair ? a0 + row : a0;
    for (let j = 0; j < n; j += 4) {
      const b0 = b + <usize>j * row;
      let s00 = i32x4.splat(0);
      let s01 = i32x4.splat(0);
      let s02 = i32x4.splat(0);
      let s03 = i32x4.splat(0);
      let s10 = i32x4.splat(0);
      let s11 = i32x4.splat(0);
      let s12 = i32x4.splat(0);
      let s13 = i32x4.splat(0);
      for (let p: usize = 0; p < row; p += 16) {
        const x0 = v128.load(a0 + p);
        const x1 = v128.load(a1 + p);
        const y0 = v128.load(b0 + p);
        const y1 = v128.load(b0 + row + p);
        const y2 = v128.load(b0 + 2 * row + p);
        const y3 = v128.load(b0 + 3 * row + p);
        s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x0, y0));
        s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x0, y1));
        s02 = i32x4.add(s02, i32x4.dot_i16x8_s(x0, y2));
        s03 = i32x4.add(s03, i32x4.dot_i16x8_s(x0, y3));
        s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x1, y0));
        s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x1, y1));
        s12 = i32x4.add(s12, i32x4.dot_i16x8_s(x1, y2));
        s13 = i32x4.add(s13, i32x4.dot_i16x8_s(x1, y3));
      }
      const out = c + ((<usize>i * n + j) << 2);
      store<i32>(out, sum(s00), 0);
      store<i32>(out, sum(s01), 4);
      store<i32>(out, sum(s02), 8);
      store<i32>(out, sum(s03), 12);
      if (pair) {
        const next = out + ((<usize>n) << 2);
        store<i32>(next, sum(s10), 0);
        store<i32>(next, sum(s11), 4);
        store<i32>(next, sum(s12), 8);
        store<i32>(next, sum(s13), 12);
      }
    }
  }
}
