// AssemblyScript; built by scripts/build-wasm.ts. The arithmetic of the matrix check in whole numbers: the definition
// and the bounds are in kernels/matmul-i8/freivalds.ts. i64 sums wrap modulo 2^64, which no final sum reaches.

/**
 * The first of `count` i32 at `y` (a multiple of 4) whose size exceeds `limit`, or -1.
 * @public
 */
export function firstBeyond(y: usize, count: i32, limit: i32): i32 {
  const most = i32x4.splat(limit);
  for (let i = 0; i < count; i += 4) {
    // |-2^31| stays 2^31 as an unsigned number, so the comparison is right for every i32.
    const over = i32x4.gt_u(i32x4.abs(v128.load(y + ((<usize>i) << 2))), most);
    if (v128.any_true(over)) return i + ctz(i32x4.bitmask(over));
  }
  return -1;
}

/**
 * out[i, t] = Σ y[i, j] · r[t, j] for three t: y i32 [rows, n], r i32 [3, n], out i64 [rows, 3]; n a multiple of 4.
 * @public
 */
export function sums(y: usize, rows: i32, n: i32, r: usize, out: usize): void {
  const row = (<usize>n) << 2;
  for (let i = 0; i < rows; i += 2) {
    const y0 = y + <usize>i * row;
    // An odd last row is summed with itself and stored once.
    const pair = i + 1 < rows;
    const y1 = pair ? y0 + row : y0;
    let s00 = i64x2.splat(0);
    let s01 = i64x2.splat(0);
    let s02 = i64x2.splat(0);
    let s10 = i64x2.splat(0);
    let s11 = i64x2.splat(0);
    let s12 = i64x2.splat(0);
    for (let p: usize = 0; p < row; p += 16) {
      const v0 = v128.load(y0 + p);
      const v1 = v128.load(y1 + p);
      const r0 = v128.load(r + p);
      const r1 = v128.load(r + row + p);
      const r2 = v128.load(r + 2 * row + p);
      s00 = i64x2.add(s00, i64x2.add(i64x2.extmul_low_i32x4_s(v0, r0), i64x2.extmul_high_i32x4_s(v0, r0)));
      s01 = i64x2.add(s01, i64x2.add(i64x2.extmul_low_i32x4_s(v0, r1), i64x2.extmul_high_i32x4_s(v0, r1)));
      s02 = i64x2.add(s02, i64x2.add(i64x2.extmul_low_i32x4_s(v0, r2), i64x2.extmul_high_i32x4_s(v0, r2)));
      s10 = i64x2.add(s10, i64x2.add(i64x2.extmul_low_i32x4_s(v1, r0), i64x2.extmul_high_i32x4_s(v1, r0)));
      s11 = i64x2.add(s11, i64x2.add(i64x2.extmul_low_i32x4_s(v1, r1), i64x2.extmul_high_i32x4_s(v1, r1)));
      s12 = i64x2.add(s12, i64x2.add(i64x2.extmul_low_i32x4_s(v1, r2), i64x2.extmul_high_i32x4_s(v1, r2)));
    }
    const to = out + <usize>i * 24;
    store<i64>(to, total(s00), 0);
    store<i64>(to, total(s01), 8);
    store<i64>(to, total(s02), 16);
    if (pair) {
      store<i64>(to, total(s10), 24);
      store<i64>(to, total(s11), 32);
      store<i64>(to, total(s12), 40);
    }
  }
}

function total(v: v128): i64 {
  return i64x2.extract_lane(v, 0) + i64x2.extract_lane(v, 1);
}

function widen(v: v128): v128 {
  return i64x2.add(i64x2.extend_low_i32x4_s(v), i64x2.extend_high_i32x4_s(v));
}

function step(sum: v128, x: v128, digit: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(x, digit));
}

/**
 * Cuts whole numbers into digits of 16 bits from -2^15 to 2^15 - 1, so that int16 products can use them:
 * values i64 [count, 3] to columns i16 [3 · digits, padded], column 3 · d + t for digit d of trial t.
 * @public
 */
export function split(values: usize, count: i32, digits: i32, columns: usize, padded: i32): void {
  for (let t = 0; t < 3; t++) {
    for (let p = 0; p < count; p++) {
      let rest = load<i64>(values + ((<usize>(p * 3 + t)) << 3));
      for (let d = 0; d < digits; d++) {
        const digit = <i64>(<i16>rest);
        store<i16>(columns + ((<usize>(3 * d + t) * padded + p) << 1), <i16>digit);
        rest = (rest - digit) >> 16;
      }
    }
  }
}

/**
 * out[i, t] = Σ a[i, p] · Σ_d column[3 · d + t, p] · 2^(16 d) for three t: a i8 [rows, k], k a multiple of 8, columns as
 * `split` writes them, out i64 [rows, 3]. A step adds at most 2^23 to an i32 lane; 128 steps fit and are then widened.
 * @public
 */
export function products(a: usize, rows: i32, k: i32, columns: usize, digits: i32, out: usize): void {
  const width = <usize>k;
  const column = width << 1;
  for (let i = 0; i < rows; i += 2) {
    const a0 = a + <usize>i * width;
    const pair = i + 1 < rows;
    const a1 = pair ? a0 + width : a0;
    const to = out + <usize>i * 24;
    for (let d = digits - 1; d >= 0; d--) {
      const c0 = columns + <usize>(3 * d) * column;
      let s00 = i64x2.splat(0);
      let s01 = i64x2.splat(0);
      let s02 = i64x2.splat(0);
      let s10 = i64x2.splat(0);
      let s11 = i64x2.splat(0);
      let s12 = i64x2.splat(0);
      for (let from: usize = 0; from < width; from += 1024) {
        const end = min(from + 1024, width);
        let x00 = i32x4.splat(0);
        let x01 = i32x4.splat(0);
        let x02 = i32x4.splat(0);
        let x10 = i32x4.splat(0);
        let x11 = i32x4.splat(0);
        let x12 = i32x4.splat(0);
        for (let p = from; p < end; p += 8) {
          const v0 = v128.load_ext<i8>(a0 + p);
          const v1 = v128.load_ext<i8>(a1 + p);
          const at = c0 + (p << 1);
          const d0 = v128.load(at);
          const d1 = v128.load(at + column);
          const d2 = v128.load(at + 2 * column);
          x00 = step(x00, v0, d0);
          x01 = step(x01, v0, d1);
          x02 = step(x02, v0, d2);
          x10 = step(x10, v1, d0);
          x11 = step(x11, v1, d1);
          x12 = step(x12, v1, d2);
        }
        s00 = i64x2.add(s00, widen(x00));
        s01 = i64x2.add(s01, widen(x01));
        s02 = i64x2.add(s02, widen(x02));
        s10 = i64x2.add(s10, widen(x10));
        s11 = i64x2.add(s11, widen(x11));
        s12 = i64x2.add(s12, widen(x12));
      }
      // Horner's rule from the highest digit down.
      const first = d === digits - 1;
      shiftAdd(to, first, total(s00));
      shiftAdd(to + 8, first, total(s01));
      shiftAdd(to + 16, first, total(s02));
      if (pair) {
        shiftAdd(to + 24, first, total(s10));
        shiftAdd(to + 32, first, total(s11));
        shiftAdd(to + 40, first, total(s12));
      }
    }
  }
}

function shiftAdd(at: usize, first: bool, sum: i64): void {
  store<i64>(at, first ? sum : (load<i64>(at) << 16) + sum);
}

/**
 * The first of `count` i64 at which `a` and `b` differ, or -1.
 * @public
 */
export function firstDifference(a: usize, b: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 3;
    if (load<i64>(a + at) !== load<i64>(b + at)) return i;
  }
  return -1;
}
