// AssemblyScript; built by scripts/build-wasm.ts. Whole numbers only, so every lane has the bits of the reference
// (kernels/monte-carlo/reference.ts); what is computed and why nothing overflows is told there and in fixed-point.ts.

/** Upper halves of four products of u32. */
function mulhi(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b), 1, 3, 5, 7);
}

/** Four vectors, one word of four groups each, to the words of each group in order. */
function storeGroups(out: usize, x0: v128, x1: v128, x2: v128, x3: v128): void {
  const a = v128.shuffle<u32>(x0, x1, 0, 4, 1, 5);
  const b = v128.shuffle<u32>(x2, x3, 0, 4, 1, 5);
  const c = v128.shuffle<u32>(x0, x1, 2, 6, 3, 7);
  const d = v128.shuffle<u32>(x2, x3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<u64>(a, b, 0, 2), 0);
  v128.store(out, v128.shuffle<u64>(a, b, 1, 3), 16);
  v128.store(out, v128.shuffle<u64>(c, d, 0, 2), 32);
  v128.store(out, v128.shuffle<u64>(c, d, 1, 3), 48);
}

/** Lower words of four consecutive 64-bit counters, and their upper words. */
function lower(c0: i32, group: i32): v128 {
  return i32x4.add(i32x4.splat(c0 + group), i32x4(0, 1, 2, 3));
}
function upper(low: v128, c0: i32, c1: i32): v128 {
  // A counter below the first one has wrapped; lanes of true are -1.
  return i32x4.sub(i32x4.splat(c1), i32x4.lt_u(low, i32x4.splat(c0)));
}

/**
 * Writes `groups` (a multiple of 4) groups of four Philox4x32-10 words at `out`, for the 64-bit counters from (c1, c0) on.
 * @public
 */
export function philox(out: usize, groups: i32, c0: i32, c1: i32, c2: i32, c3: i32, k0: i32, k1: i32): void {
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  for (let group = 0; group < groups; group += 4) {
    let x0 = lower(c0, group);
    let x1 = upper(x0, c0, c1);
    let x2 = i32x4.splat(c2);
    let x3 = i32x4.splat(c3);
    let key0 = k0;
    let key1 = k1;
    for (let round = 0; round < 10; round++) {
      const a = i64x2.extmul_low_i32x4_u(x0, m0);
      const b = i64x2.extmul_high_i32x4_u(x0, m0);
      const c = i64x2.extmul_low_i32x4_u(x2, m1);
      const d = i64x2.extmul_high_i32x4_u(x2, m1);
      x0 = v128.xor(v128.xor(v128.shuffle<u32>(c, d, 1, 3, 5, 7), x1), i32x4.splat(key0));
      x1 = v128.shuffle<u32>(c, d, 0, 2, 4, 6);
      x2 = v128.xor(v128.xor(v128.shuffle<u32>(a, b, 1, 3, 5, 7), x3), i32x4.splat(key1));
      x3 = v128.shuffle<u32>(a, b, 0, 2, 4, 6);
      key0 += 0x9e3779b9;
      key1 += 0xbb67ae85;
    }
    storeGroups(out + ((<usize>group) << 4), x0, x1, x2, x3);
  }
}

function rotate(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/**
 * The same of Threefry4x32-20.
 * @public
 */
export function threefry(
  out: usize,
  groups: i32,
  c0: i32,
  c1: i32,
  c2: i32,
  c3: i32,
  k0: i32,
  k1: i32,
  k2: i32,
  k3: i32,
): void {
  const k4 = 0x1bd11bda ^ k0 ^ k1 ^ k2 ^ k3;
  for (let group = 0; group < groups; group += 4) {
    const low = lower(c0, group);
    let x0 = i32x4.add(low, i32x4.splat(k0));
    let x1 = i32x4.add(upper(low, c0, c1), i32x4.splat(k1));
    let x2 = i32x4.splat(c2 + k2);
    let x3 = i32x4.splat(c3 + k3);
    let key0 = k0;
    let key1 = k1;
    let key2 = k2;
    let key3 = k3;
    let key4 = k4;
    for (let turn = 1; turn <= 5; turn++) {
      const odd = (turn & 1) !== 0;
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, odd ? 10 : 6), x0);
      x2 = i32x4.add(x2, x3);
      x3 = v128.xor(rotate(x3, odd ? 26 : 20), x2);
      x0 = i32x4.add(x0, x3);
      x3 = v128.xor(rotate(x3, odd ? 11 : 17), x0);
      x2 = i32x4.add(x2, x1);
      x1 = v128.xor(rotate(x1, odd ? 21 : 11), x2);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, odd ? 13 : 25), x0);
      x2 = i32x4.add(x2, x3);
      x3 = v128.xor(rotate(x3, odd ? 27 : 10), x2);
      x0 = i32x4.add(x0, x3);
      x3 = v128.xor(rotate(x3, odd ? 23 : 18), x0);
      x2 = i32x4.add(x2, x1);
      x1 = v128.xor(rotate(x1, odd ? 5 : 20), x2);
      const first = key0;
      key0 = key1;
      key1 = key2;
      key2 = key3;
      key3 = key4;
      key4 = first;
      x0 = i32x4.add(x0, i32x4.splat(key0));
      x1 = i32x4.add(x1, i32x4.splat(key1));
      x2 = i32x4.add(x2, i32x4.splat(key2));
      x3 = i32x4.add(x3, i32x4.splat(key3 + turn));
    }
    storeGroups(out + ((<usize>group) << 4), x0, x1, x2, x3);
  }
}

/** Squares of two points (x, y, x, y), added up: each two below 2^63. */
function squares(words: usize): v128 {
  const v = v128.or(i32x4.shr_u(v128.load(words), 1), i32x4.splat(1));
  const a = i64x2.extmul_low_i32x4_u(v, v);
  const b = i64x2.extmul_high_i32x4_u(v, v);
  return i64x2.add(v128.shuffle<u64>(a, b, 0, 2), v128.shuffle<u64>(a, b, 1, 3));
}

/**
 * How many of the `count` points (x, y) at `words` lie in the quarter circle; 8 bytes beyond an odd last one are read.
 * @public
 */
export function points(words: usize, count: i32): i32 {
  let outside = i64x2.splat(0);
  const pairs = count & ~1;
  for (let i = 0; i < pairs; i += 2) {
    outside = i64x2.add(outside, i64x2.shr_u(squares(words + ((<usize>i) << 3)), 62));
  }
  let out = <i32>i64x2.extract_lane(outside, 0) + <i32>i64x2.extract_lane(outside, 1);
  if (pairs < count) out += <i32>(i64x2.extract_lane(squares(words + ((<usize>pairs) << 3)), 0) >>> 62);
  return count - out;
}

/**
 * Turns `count` random words (rounded up to whole vectors) into log growth, in place: drift ± size · spread.
 * @public
 */
export function grow(words: usize, count: i32, normals: usize, drift: i32, spread: i32): void {
  const scale = i32x4.splat(spread);
  const mean = i32x4.splat(drift);
  const one = i32x4.splat(1);
  const end = words + ((<usize>count) << 2);
  for (let at = words; at < end; at += 16) {
    const word = v128.load(at);
    const r0 = leading(load<u32>(at, 0));
    const r1 = leading(load<u32>(at, 4));
    const r2 = leading(load<u32>(at, 8));
    const r3 = leading(load<u32>(at, 12));
    const t = i32x4.shl(i32x4(<i32>r0, <i32>r1, <i32>r2, <i32>r3), 4);
    const v0 = v128.load(normals + rowOf(r0));
    const v1 = v128.load(normals + rowOf(r1));
    const v2 = v128.load(normals + rowOf(r2));
    const v3 = v128.load(normals + rowOf(r3));
    const a = v128.shuffle<u32>(v0, v1, 0, 4, 1, 5);
    const b = v128.shuffle<u32>(v2, v3, 0, 4, 1, 5);
    const c = v128.shuffle<u32>(v0, v1, 2, 6, 3, 7);
    const d = v128.shuffle<u32>(v2, v3, 2, 6, 3, 7);
    const c0 = v128.shuffle<u64>(a, b, 0, 2);
    const c1 = v128.shuffle<u64>(a, b, 1, 3);
    const c2 = v128.shuffle<u64>(c, d, 0, 2);
    const c3 = v128.shuffle<u64>(c, d, 1, 3);
    const falling = mulhi(t, i32x4.sub(c1, mulhi(t, i32x4.sub(c2, mulhi(t, c3)))));
    const size = i32x4.sub(c0, i32x4.min_u(c0, falling));
    const moved = i32x4.shr_u(i32x4.add(mulhi(size, scale), one), 1);
    // -1 where the word is negative: x ^ -1 - -1 = -x.
    const sign = i32x4.shr_s(word, 31);
    v128.store(at, i32x4.add(mean, i32x4.sub(v128.xor(moved, sign), sign)));
  }
}

/** The word's octave in bits 32 to 36, and below it the word's value moved to the top of 32 bits. */
function leading(word: u32): u64 {
  const v = (word << 1) | 1;
  const octave = clz(v);
  return ((<u64>octave) << 32) | (v << octave);
}
/** Byte of the row of (octave * 8 + segment) in the table: the leading one is taken off. */
function rowOf(value: u64): usize {
  return <usize>((((value >> 32) << 3) | ((value >> 28) & 7)) << 4);
}

/** 2^log of four logs. */
function power(log: v128, powers: usize): v128 {
  const shifted = i32x4.add(log, i32x4.splat(1 << 30));
  const rows = v128.and(i32x4.shr_u(shifted, 19), i32x4.splat(15 << 4));
  const v0 = v128.load(powers + i32x4.extract_lane(rows, 0));
  const v1 = v128.load(powers + i32x4.extract_lane(rows, 1));
  const v2 = v128.load(powers + i32x4.extract_lane(rows, 2));
  const v3 = v128.load(powers + i32x4.extract_lane(rows, 3));
  const a = v128.shuffle<u32>(v0, v1, 0, 4, 1, 5);
  const b = v128.shuffle<u32>(v2, v3, 0, 4, 1, 5);
  const c = v128.shuffle<u32>(v0, v1, 2, 6, 3, 7);
  const d = v128.shuffle<u32>(v2, v3, 2, 6, 3, 7);
  const c0 = v128.shuffle<u64>(a, b, 0, 2);
  const c1 = v128.shuffle<u64>(a, b, 1, 3);
  const c2 = v128.shuffle<u64>(c, d, 0, 2);
  const c3 = v128.shuffle<u64>(c, d, 1, 3);
  const t = i32x4.shl(shifted, 9);
  const mantissa = i32x4.add(c0, mulhi(t, i32x4.add(c1, mulhi(t, i32x4.add(c2, mulhi(t, c3))))));
  // Lanes cannot be shifted each by its own count, so 2^(16 + k) is made as a float's exponent, exactly.
  const exponent = i32x4.add(i32x4.shr_u(shifted, 27), i32x4.splat(127 + 16));
  const factor = i32x4.trunc_sat_f32x4_u(i32x4.shl(exponent, 23));
  return i32x4.shr_u(i32x4.add(mulhi(i32x4.shl(mantissa, 1), factor), i32x4.splat(1)), 1);
}

/** The average of four sums of prices, two in each vector, to nearest. */
function average(low: v128, high: v128, steps: u64): v128 {
  const twice = steps << 1;
  return i32x4(
    <i32>((((<u64>i64x2.extract_lane(low, 0)) << 1) + steps) / twice),
    <i32>((((<u64>i64x2.extract_lane(low, 1)) << 1) + steps) / twice),
    <i32>((((<u64>i64x2.extract_lane(high, 0)) << 1) + steps) / twice),
    <i32>((((<u64>i64x2.extract_lane(high, 1)) << 1) + steps) / twice),
  );
}

/**
 * Adds the payoffs of `count` paths of `steps` log growths each at `logs` to the three u64 at `sums`: payoffs, and the lower
 * and upper halves of their squares. Growths of three more paths are read.
 * @public
 */
export function payoffs(logs: usize, count: i32, steps: i32, powers: usize, strike: i32, put: i32, sums: usize): void {
  const limit = i32x4.splat((1 << 30) - 1);
  const floor = i32x4.splat(-(1 << 30));
  const agreed = i32x4.splat(strike);
  const zero = i32x4.splat(0);
  const mask = i64x2.splat(0xffffffff);
  const row = (<usize>steps) << 2;
  let total = i64x2.splat(0);
  let low = i64x2.splat(0);
  let high = i64x2.splat(0);
  for (let path = 0; path < count; path += 4) {
    const at = logs + <usize>path * row;
    let price: v128;
    if (steps === 1) {
      price = power(i32x4.max_s(floor, i32x4.min_s(limit, v128.load(at))), powers);
    } else {
      let log = zero;
      let sumLow = zero;
      let sumHigh = zero;
      for (let p: usize = 0; p < row; p += 4) {
        let moved = v128.load32_zero(at + p);
        moved = v128.load_lane<i32>(at + row + p, moved, 1);
        moved = v128.load_lane<i32>(at + 2 * row + p, moved, 2);
        moved = v128.load_lane<i32>(at + 3 * row + p, moved, 3);
        log = i32x4.max_s(floor, i32x4.min_s(limit, i32x4.add(log, moved)));
        const next = power(log, powers);
        sumLow = i64x2.add(sumLow, i64x2.extend_low_i32x4_u(next));
        sumHigh = i64x2.add(sumHigh, i64x2.extend_high_i32x4_u(next));
      }
      price = average(sumLow, sumHigh, steps);
    }
    let pays = i32x4.max_s(zero, put ? i32x4.sub(agreed, price) : i32x4.sub(price, agreed));
    // Lanes past the last path count nothing.
    if (count - path < 4) pays = v128.and(pays, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count - path)));
    total = i64x2.add(total, i64x2.add(i64x2.extend_low_i32x4_u(pays), i64x2.extend_high_i32x4_u(pays)));
    const squareLow = i64x2.extmul_low_i32x4_u(pays, pays);
    const squareHigh = i64x2.extmul_high_i32x4_u(pays, pays);
    low = i64x2.add(low, i64x2.add(v128.and(squareLow, mask), v128.and(squareHigh, mask)));
    high = i64x2.add(high, i64x2.add(i64x2.shr_u(squareLow, 32), i64x2.shr_u(squareHigh, 32)));
  }
  store<u64>(sums, load<u64>(sums, 0) + i64x2.extract_lane(total, 0) + i64x2.extract_lane(total, 1), 0);
  store<u64>(sums, load<u64>(sums, 8) + i64x2.extract_lane(low, 0) + i64x2.extract_lane(low, 1), 8);
  store<u64>(sums, load<u64>(sums, 16) + i64x2.extract_lane(high, 0) + i64x2.extract_lane(high, 1), 16);
}
