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
  /** |a − b| / max(|a|, |b|), so at most 2; 2 where only one of them is a finite number, or there is no second one. */
  maxRelative: number;
  /** Most float32 numbers between two values, the second one counted; infinite where one is no finite number. */
  worstUlp: number;
}

export function compareFloats(got: ArrayLike<number>, expected: ArrayLike<number>): FloatDifference {
  const values = Math.max(got.length, expected.length);
  const worst: FloatDifference = { values, maxAbsolute: 0, maxRelative: 0, worstUlp: 0 };
  for (let i = 0; i < values; i++) {
    const a = got[i] ?? Number.NaN;
    const b = expected[i] ?? Number.NaN;
    if (i < got.length && i < expected.length && Object.is(a, b)) continue;
    const finite = Number.isFinite(a) && Number.isFinite(b);
    const absolute = finite ? Math.abs(a - b) : Number.POSITIVE_INFINITY;
    // +0 and −0 are different bits and the same number.
    const scale = Math.max(Math.abs(a), Math.abs(b));
    const relative = !finite ? 2 : scale === 0 ? 0 : absolute / scale;
    worst.maxAbsolute = Math.max(worst.maxAbsolute, absolute);
    worst.maxRelative = Math.max(worst.maxRelative, relative);
    worst.worstUlp = Math.max(worst.worstUlp, finite ? Math.abs(ordinal(a) - ordinal(b)) : Number.POSITIVE_INFINITY);
  }
  return worst;
}

const float = new Float32Array(1);
const word = new Int32Array(float.buffer);

/** A float32's place among all of them, with both zeros at 0: neighbours differ by 1. */
function ordinal(value: number): number {
  float[0] = value;
  const bits = word[0] as number;
  return bits < 0 ? -(bits & 0x7fff_ffff) : bits;
}
