/**
 * e^x, ln x and the normal distribution by + − · ÷ alone, which IEEE 754 rounds alike everywhere: merged files are compared
 * byte by byte, and `Math.exp` and its kin may differ in their last bit between engines. Errors stay below 1e-14.
 */

const LN2 = 0.6931471805599453;
const ROOT_OF_2_PI = 2.5066282746310002;

/** 2ⁿ · x for a whole n. */
function scale(x: number, n: number): number {
  let scaled = x;
  for (let i = 0; i < Math.abs(n); i++) scaled *= n > 0 ? 2 : 0.5;
  return scaled;
}

/** e^x for |x| up to 700, by Taylor's series of what remains after whole powers of two. */
export function exp(x: number): number {
  const whole = Math.round(x / LN2);
  const rest = x - whole * LN2;
  let [term, sum] = [1, 1];
  for (let n = 1; n < 24; n++) {
    term *= rest / n;
    sum += term;
  }
  return scale(sum, whole);
}

/** ln x for x > 0: 2 artanh((m − 1) / (m + 1)) of a mantissa m near 1, and whole powers of two. */
export function ln(x: number): number {
  let [mantissa, whole] = [x, 0];
  for (; mantissa > 1.5; mantissa /= 2) whole++;
  for (; mantissa < 0.75; mantissa *= 2) whole--;
  const ratio = (mantissa - 1) / (mantissa + 1);
  let [power, sum] = [ratio, 0];
  for (let k = 1; k < 48; k += 2) {
    sum += power / k;
    power *= ratio * ratio;
  }
  return 2 * sum + whole * LN2;
}

/** Share of the normal distribution below x: ½ + φ(x) Σ x²ᵏ⁺¹ / (2k + 1)!!, absolute error below 1e-14. */
export function normalBelow(x: number): number {
  if (x < -9) return 0;
  if (x > 9) return 1;
  let [term, sum] = [x, x];
  for (let k = 1; k < 200; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (exp((-x * x) / 2) / ROOT_OF_2_PI) * sum;
}
