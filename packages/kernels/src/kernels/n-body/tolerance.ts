/**
 * How far two right results may lie apart. With u = 2⁻²⁴, every sum of floats obeys |error| ≤ k u Σ|terms|, where k counts
 * the roundings on the way of a term (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, ch. 4).
 *
 * | | roundings |
 * |---|---|
 * | d = xⱼ − xᵢ | 1 |
 * | r² = ((dx² + dy²) + dz²) + ε² | 2 · 1 + 1 for a square, 3 additions: 6 |
 * | 1 / √r² | half of 6, and 4 for WGSL's inverseSqrt (2 ULP); in WASM 2: 7 |
 * | w = m / r | 8, which is a term of the potential |
 * | s = w · (1/r · 1/r) | 8 + (7 + 7 + 1) + 1 = 24 |
 * | s · d | 24 + 1 + 1 = 26, a term of an acceleration |
 * | sums of 8 terms, 8 groups, 4 of those (a tile), 8 tiles, 8 of those (a segment) | 36 |
 * | above a segment in f64, then to f32 | 1, and 1 for all products of errors |
 *
 * So k is 46 for a potential and 64 for an acceleration, whatever the number of bodies, and two results may differ by
 * twice that: k · 2⁻²³ of Σ|terms|. The potential's terms have one sign, as masses are not negative: their sum is the
 * potential itself. The acceleration's are those times r / (r² + ε²), which is 1 / 2ε at most; so its Σ|terms| is at most
 * |φ| / 2ε. A product below the least normal number may become 0, which adds 2⁻¹²⁶ for each body.
 *
 * What this notices: leaving out a body of mass m changes the potential at distance r by m / r, which must exceed
 * 5.5 · 10⁻⁶ of |φ| at one target at least. Of 400 bodies of a Plummer sphere left out one by one, that was so for all when
 * there were 131,072 or 262,144 bodies and 16,384 targets; for 97 % with 1,048,576 bodies and 8,192 targets, and for 72 %
 * with 1,024. So it does not notice a light body, or one far from all targets, left out among a million. An acceleration
 * alone may be off by 7.6 · 10⁻⁶ |φ| / 2ε; nobody saves work by that, since the potential costs nearly all of it.
 */
const POTENTIAL = 46 * 2 ** -23;
const ACCELERATION = 64 * 2 ** -23;
/** Of the slice's sums: their own rounding from f64 comes on top. */
const SUM = 2 ** -23;
/** 2²⁰ bodies; of the sums, 2¹⁶ targets of mass 2²⁰ at most. */
const UNDERFLOW = 2 ** (20 - 126);
const UNDERFLOW_OF_SUMS = 2 ** (20 - 126 + 36);

/** Do two fields (rows of ax, ay, az, potential, the last being the slice's sums) agree? NaN agrees with nothing. */
export function fieldsAgree(a: ArrayLike<number>, b: ArrayLike<number>, softening: number): boolean {
  if (a.length !== b.length) return false;
  for (let row = 0; row < a.length; row += 4) {
    const sums = row + 4 === a.length;
    const size = Math.max(Math.abs(a[row + 3] as number), Math.abs(b[row + 3] as number));
    const extra = sums ? SUM : 0;
    const floor = sums ? UNDERFLOW_OF_SUMS : UNDERFLOW;
    const most = [ACCELERATION, ACCELERATION, ACCELERATION, POTENTIAL] as const;
    for (const c of [0, 1, 2, 3] as const) {
      const terms = c === 3 ? size : size / (2 * softening);
      const distance = Math.abs((a[row + c] as number) - (b[row + c] as number));
      if (!(distance <= (most[c] + extra) * terms + floor)) return false;
    }
  }
  return true;
}
