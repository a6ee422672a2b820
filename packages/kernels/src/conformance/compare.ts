/** How two results differ as bits. */
export interface BitDifference {
  /** Of the longer one. */
  bits: number;
  /** What one of them lacks counts as different. */
  bitsDiffering: number;
}

export function compareBits(a: Uint8Array, b: Uint8Array): BitDifference {
  const shared = Math.min(a.length, b.length);
  const longer = Math.max(a.length, b.length);
  let differing = 8 * (longer - shared);
  for (let i = 0; i < shared; i++) {
    for (let x = (a[i] as number) ^ (b[i] as number); x !== 0; x &= x - 1) differing++;
  }
  return { bits: 8 * longer, bitsDiffering: differing };
}

/** How far two lists of float32 numbers lie apart. */
export interface FloatDifference {
  values: number;
  maxAbsolute: number;
  /**
   * The largest difference over the largest number of both lists, so at most 2. Not number by number: what cancellation
   * leaves of a sum may be any share off, however well it was added up. 2 where only one of a pair is a finite number, or
   * there is no second one.
   */
  maxRelative: number;
  /** Most steps between neighbouring float32 numbers, of numbers of at least a thousandth of the largest; or infinite. */
  worstUlp: number;
}

/** Below this share of the largest number a number may be what cancellation left. */
const LARGE = 2 ** -10;

export function compareFloats(got: ArrayLike<number>, expected: ArrayLike<number>): FloatDifference {
  const values = Math.max(got.length, expected.length);
  const worst: FloatDifference = { values, maxAbsolute: 0, maxRelative: 0, worstUlp: 0 };
  const largest = Math.max(largestOf(got), largestOf(expected));
  for (let i = 0; i < values; i++) {
    const a = got[i] ?? Number.NaN;
    const b = expected[i] ?? Number.NaN;
    if (i < got.length && i < expected.length && Object.is(a, b)) continue;
    if (!Number.isFinite(a) || !Number.isFinite(b)) {
      return { values, maxAbsolute: Number.POSITIVE_INFINITY, maxRelative: 2, worstUlp: Number.POSITIVE_INFINITY };
    }
    worst.maxAbsolute = Math.max(worst.maxAbsolute, Math.abs(a - b));
    if (Math.max(Math.abs(a), Math.abs(b)) < LARGE * largest) continue;
    worst.worstUlp = Math.max(worst.worstUlp, Math.abs(ordinal(a) - ordinal(b)));
  }
  // Two zeros of different sign are different bits and the same number.
  if (worst.maxAbsolute > 0) worst.maxRelative = Math.min(2, worst.maxAbsolute / largest);
  return worst;
}

/** The largest size of a finite number. */
function largestOf(numbers: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i] as number);
    if (size > largest && size !== Number.POSITIVE_INFINITY) largest = size;
  }
  return largest;
}

const float = new Float32Array(1);
const word = new Int32Array(float.buffer);

/** A float32's place among all of them, with both zeros at 0: neighbours differ by 1. */
function ordinal(value: number): number {
  float[0] = value;
  const bits = word[0] as number;
  return bits < 0 ? -(bits & 0x7fff_ffff) : bits;
}
