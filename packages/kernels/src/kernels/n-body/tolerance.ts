import { COLUMNS } from './field.ts';

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
 * | m / r² = w · 1 / r | 8 + 7 + 1 = 16, a term of the pull |
 * | s = m / r² · 1 / r | 16 + 7 + 1 = 24 |
 * | s · d | 24 + 1 + 1 = 26, a term of an acceleration |
 * | sums of 8 terms, 8 groups, 4 of those (a tile), 8 tiles, 8 of those (a segment) | 36 |
 * | above a segment in f64, then to f32 | 1, and 1 for all products of errors |
 *
 * So k is 46 for a potential, 54 for a pull and 64 for an acceleration, whatever the number of bodies, and two results may
 * differ by twice that: k · 2⁻²³ of Σ|terms|. Masses are not negative, so the terms of potential and pull have one sign:
 * their sums are potential and pull themselves. The terms of an acceleration are those of the pull times dx / r, which is 1
 * at most, so that the pull bounds theirs: that is why results carry it. A product below the least normal number may become
 * 0, which adds 2⁻¹²⁶ for each body.
 *
 * What this notices: leaving out a body of mass m at distance r changes the potential by m / r and the pull by m / r², which
 * must exceed 5.5 · 10⁻⁶ and 6.4 · 10⁻⁶ of them at one target at least. Of 400 bodies of a Plummer sphere (softening 0.01)
 * left out one by one, that was so for all when there were 131,072 or 262,144 bodies and 16,384 targets, or 1,048,576 and
 * 8,192; for 97.5 % of 1,048,576 with 1,024. So it does not notice a light body, or one far from all targets, left out among
 * a million. Without the accelerations a unit takes 37 % less time in WASM, so that their bound must hold by itself: it is
 * 7.6 · 10⁻⁶ of the pull, whatever the softening, and 0 in their place is noticed unless none of them exceeds that.
 */
const MOST = [64, 64, 64, 46, 54].map((roundings) => roundings * 2 ** -23);
/** Of the slice's sums: their own rounding from f64 comes on top. */
const SUM = 2 ** -23;
/** 2²⁰ bodies; of the sums, 2¹⁶ targets of mass 2²⁰ at most. */
const UNDERFLOW = 2 ** (20 - 126);
const UNDERFLOW_OF_SUMS = 2 ** (20 - 126 + 36);

/**
 * Do two fields (rows of ax, ay, az, potential, pull, the last being the slice's sums) agree? NaN and infinities agree with
 * nothing.
 */
export function fieldsAgree(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let row = 0; row < a.length; row += COLUMNS) {
    const sums = row + COLUMNS === a.length;
    const extra = sums ? SUM : 0;
    const floor = sums ? UNDERFLOW_OF_SUMS : UNDERFLOW;
    const size = (column: number) => Math.max(Math.abs(a[row + column] as number), Math.abs(b[row + column] as number));
    const [potential, pull] = [size(3), size(4)];
    for (const [c, most] of MOST.entries()) {
      const terms = c === 3 ? potential : pull;
      const distance = Math.abs((a[row + c] as number) - (b[row + c] as number));
      // Infinite terms would allow any distance.
      if (!(distance <= (most + extra) * terms + floor && Number.isFinite(terms))) return false;
    }
  }
  return true;
}
