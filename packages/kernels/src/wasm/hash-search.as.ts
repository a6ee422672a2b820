// AssemblyScript; built by scripts/build-wasm.ts. SHA-256 (FIPS 180-4) of messages of one block that differ in a counter,
// four at a time in i32x4. Integers only, so the result is exact.
//
// Counters of a run differ only in w[j], the last message word that the counter reaches into. All that does not follow
// from it is computed once a run: the rounds before j, what round j has besides w[j], and parts of w[16] to w[31].

import { H, K, s0, s1, sigma, t1, t2 } from './sha256-lanes.as.ts';

const input = memory.data(128, 16);
const mask = input + 64;
const target = input + 96;
/** Hits of a search, u64. */
const out = memory.data(128 * 8, 16);
/** The witness of a search: its counter, u64, and its word, u32. */
const witness = memory.data(16, 16);
/** First words of four digests, on their way out of their lanes. */
const words = memory.data(16, 16);
/** The variables a to h before round j + 1, a vector each, in the places the unrolled rounds expect them. */
const S = memory.data(8 * 16, 16);
/** A vector each: the terms of w[16] to w[31] that do not come from w[16] or later. */
const B = memory.data(16 * 16, 16);
/** A vector each: w[0] to w[63]. */
const W = memory.data(64 * 16, 16);

/**
 * Where the caller writes 128 bytes: the padded block with zeros for the counter, then mask and target of the digest as
 * eight little-endian u32 each.
 * @public
 */
export function inputAt(): usize {
  return input;
}

/**
 * Where a search leaves its hits.
 * @public
 */
export function hitsAt(): usize {
  return out;
}

/**
 * Where a search leaves its witness: the counter, u64, and the first word of its digest, u32.
 * @public
 */
export function witnessAt(): usize {
  return witness;
}

/**
 * Searches `count` counters (1 at least) from `first` on, which stand big-endian at byte `at` (0 to 47) of the block. Lists
 * those whose digest equals target under mask, in order, `room` of them at most (0 to 128); returns how many there are. The
 * witness is the lowest counter among those whose digest begins with the lowest word.
 * @public
 */
export function search(first: u64, count: i32, at: i32, room: i32): i32 {
  const j = (at + 7) >> 2;
  // Bytes of the counter in w[j], and how far its last bit lies from the word's.
  const bytes = ((at + 7) & 3) + 1;
  const shift = 32 - 8 * bytes;
  const period: u64 = (<u64>1) << (8 * bytes);
  let hits = 0;
  let left = count;
  // No word is higher than this, so if none is lower either, the first counter is right.
  store<u64>(witness, first);
  store<u32>(witness, 0xffffffff, 8);
  while (left > 0) {
    // As far as no other word changes.
    const length = <i32>min<u64>(left, period - (first & (period - 1)));
    store<u64>(input + at, bswap<u64>(first));
    prepare(j);
    hits = searchRun(first, length, j, shift, room, hits);
    first += length;
    left -= length;
  }
  return hits;
}

/** Computes W, B and S for a run; every term with w[j] is left out. */
function prepare(j: i32): void {
  for (let t = 0; t < 16; t++) {
    const w = t === j ? 0 : bswap<u32>(load<u32>(input + (t << 2)));
    v128.store(W + (t << 4), i32x4.splat(w));
  }
  for (let t = 16; t < 32; t++) {
    let sum = load<u32>(W + ((t - 16) << 4));
    if (t < 31) sum += sigma(load<u32>(W + ((t - 15) << 4)), 7, 18, 3);
    if (t < 23) sum += load<u32>(W + ((t - 7) << 4));
    if (t < 18) sum += sigma(load<u32>(W + ((t - 2) << 4)), 17, 19, 10);
    v128.store(B + ((t - 16) << 4), i32x4.splat(sum));
  }
  let a = load<u32>(H, 0);
  let b = load<u32>(H, 4);
  let c = load<u32>(H, 8);
  let d = load<u32>(H, 12);
  let e = load<u32>(H, 16);
  let f = load<u32>(H, 20);
  let g = load<u32>(H, 24);
  let h = load<u32>(H, 28);
  for (let t = 0; t <= j; t++) {
    const sum =
      h +
      (rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)) +
      (g ^ (e & (f ^ g))) +
      load<u32>(K + (t << 2)) +
      load<u32>(W + (t << 4));
    const more = (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + ((a & (b | c)) | (b & c));
    h = g;
    g = f;
    f = e;
    e = d + sum;
    d = c;
    c = b;
    b = a;
    a = sum + more;
  }
  place(a, j, 0);
  place(b, j, 1);
  place(c, j, 2);
  place(d, j, 3);
  place(e, j, 4);
  place(f, j, 5);
  place(g, j, 6);
  place(h, j, 7);
}

/** The unrolled rounds rename their variables instead of moving them: before round j + 1, variable i has this place. */
function placeOf(j: i32, i: i32): usize {
  return S + (((i - j - 1) & 7) << 4);
}

function place(value: u32, j: i32, i: i32): void {
  v128.store(placeOf(j, i), i32x4.splat(value));
}

/** w[t] from those before it, `w` being the address of w[t - 16]. */
function expand(w: usize): void {
  const far = i32x4.add(v128.load(w), s0(v128.load(w, 16)));
  v128.store(w, i32x4.add(i32x4.add(far, v128.load(w, 9 * 16)), s1(v128.load(w, 14 * 16))), 16 * 16);
}

/** Searches counters that differ in w[j] alone; returns the hits with `hits` from before. */
function searchRun(first: u64, count: i32, j: i32, shift: i32, room: i32, hits: i32): i32 {
  const atA = placeOf(j, 0);
  const atE = placeOf(j, 4);
  const a0 = v128.load(atA);
  const e0 = v128.load(atE);
  const own = B + (j << 4);
  const b7 = v128.load(own - 9 * 16);
  const b15 = v128.load(own - 16);
  const b16 = v128.load(own);
  const start = (j + 1) & 8;
  const entry = (j + 1) & 7;
  let w = i32x4.splat(bswap<u32>(load<u32>(input + (j << 2))));
  w = i32x4.add(w, i32x4.shl(i32x4(0, 1, 2, 3), shift));
  const step = i32x4.splat(4 << shift);
  const mask0 = v128.load32_splat(mask);
  const goal0 = v128.load32_splat(target);
  let lowest = v128.load32_splat(witness, 8);
  for (let i = 0; i < count; i += 4) {
    v128.store(atA, i32x4.add(a0, w));
    v128.store(atE, i32x4.add(e0, w));
    // For j < 9 that is the word w[j + 7] before w[16], of which nothing is asked here.
    if (j >= 9) v128.store(own - 9 * 16, i32x4.add(b7, w));
    v128.store(own - 16, i32x4.add(b15, s0(w)));
    v128.store(own, i32x4.add(b16, w));
    w = i32x4.add(w, step);
    // w[16] to w[31], each from what is known of it.
    v128.store(W, v128.load(B), 16 * 16);
    v128.store(W, v128.load(B, 16), 17 * 16);
    for (let t: usize = 2 * 16; t < 7 * 16; t += 16) {
      v128.store(W + t, i32x4.add(v128.load(B + t), s1(v128.load(W + t, 14 * 16))), 16 * 16);
    }
    for (let t: usize = 7 * 16; t < 15 * 16; t += 16) {
      v128.store(
        W + t,
        i32x4.add(i32x4.add(v128.load(B + t), v128.load(W + t, 9 * 16)), s1(v128.load(W + t, 14 * 16))),
        16 * 16,
      );
    }
    expand(W + 15 * 16);
    let a = v128.load(S);
    let b = v128.load(S, 16);
    let c = v128.load(S, 32);
    let d = v128.load(S, 48);
    let e = v128.load(S, 64);
    let f = v128.load(S, 80);
    let g = v128.load(S, 96);
    let h = v128.load(S, 112);
    // The first eight rounds are entered where round j left off.
    let enter = entry;
    for (let t: usize = start; t < 64; t += 8) {
      const k = K + (t << 2);
      const u = W + (t << 4);
      if (t >= 16 && t < 48) {
        for (let x = u; x < u + 128; x += 16) expand(x);
      }
      switch (enter) {
        case 0: {
          h = t1(e, f, g, h, k + 0, u + 0);
          d = i32x4.add(d, h);
          h = i32x4.add(h, t2(a, b, c));
        }
        case 1: {
          g = t1(d, e, f, g, k + 4, u + 16);
          c = i32x4.add(c, g);
          g = i32x4.add(g, t2(h, a, b));
        }
        case 2: {
          f = t1(c, d, e, f, k + 8, u + 32);
          b = i32x4.add(b, f);
          f = i32x4.add(f, t2(g, h, a));
        }
        case 3: {
          e = t1(b, c, d, e, k + 12, u + 48);
          a = i32x4.add(a, e);
          e = i32x4.add(e, t2(f, g, h));
        }
        case 4: {
          d = t1(a, b, c, d, k + 16, u + 64);
          h = i32x4.add(h, d);
          d = i32x4.add(d, t2(e, f, g));
        }
        case 5: {
          c = t1(h, a, b, c, k + 20, u + 80);
          g = i32x4.add(g, c);
          c = i32x4.add(c, t2(d, e, f));
        }
        case 6: {
          b = t1(g, h, a, b, k + 24, u + 96);
          f = i32x4.add(f, b);
          b = i32x4.add(b, t2(c, d, e));
        }
        case 7: {
          a = t1(f, g, h, a, k + 28, u + 112);
          e = i32x4.add(e, a);
          a = i32x4.add(a, t2(b, c, d));
        }
      }
      enter = 0;
    }
    // Most are neither hits nor lower than the witness, and their first word tells that.
    const digest0 = i32x4.add(a, v128.load32_splat(H));
    const lower = i32x4.lt_u(digest0, lowest);
    const alike = i32x4.eq(v128.and(digest0, mask0), goal0);
    if (!v128.any_true(v128.or(lower, alike))) continue;
    if (v128.any_true(lower)) {
      v128.store(words, digest0);
      witnessOf(first + i, min(4, count - i));
      lowest = v128.load32_splat(witness, 8);
      if (!v128.any_true(alike)) continue;
    }
    let other = unlike(a, 0);
    other = v128.or(other, unlike(b, 4));
    other = v128.or(other, unlike(c, 8));
    other = v128.or(other, unlike(d, 12));
    other = v128.or(other, unlike(e, 16));
    other = v128.or(other, unlike(f, 20));
    other = v128.or(other, unlike(g, 24));
    other = v128.or(other, unlike(h, 28));
    const found = i32x4.bitmask(i32x4.eq(other, i32x4.splat(0)));
    for (let lane = 0; lane < 4 && i + lane < count; lane++) {
      if (((found >> lane) & 1) === 0) continue;
      if (hits < room) store<u64>(out + ((<usize>hits) << 3), first + i + lane);
      hits++;
    }
  }
  return hits;
}

/** Takes the first of the lowest of `words` as the witness if it is lower; `count` of them are the search's. */
function witnessOf(first: u64, count: i32): void {
  for (let lane = 0; lane < count; lane++) {
    const word = load<u32>(words + (lane << 2));
    if (word >= load<u32>(witness, 8)) continue;
    store<u64>(witness, first + lane);
    store<u32>(witness, word, 8);
  }
}

/** Bits under the mask in which word `at` of the digests differs from the target's. */
function unlike(state: v128, at: usize): v128 {
  const digest = i32x4.add(state, v128.load32_splat(H + at));
  return v128.and(v128.xor(digest, v128.load32_splat(target + at)), v128.load32_splat(mask + at));
}
