/**
 * Logarithm and exponential from + − × ÷ alone, which IEEE 754 rounds alike everywhere. `Math.exp`, `log` and `pow` may
 * differ in the last bit between engines (ECMA-262 leaves them "implementation-approximated"), and a replay of the
 * journal in another browser must reach the same decisions. Series and constants from fdlibm, e_exp.c and e_log.c
 * (Sun Microsystems 1993, https://www.netlib.org/fdlibm/). Errors stay below 1e-15 of the result.
 */

// ln 2 in two parts: the first has trailing zero bits, so that a whole number times it is exact.
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const SQRT_HALF = 0.7071067811865476;

/** `factor` to a whole power ≥ 0, by squaring. */
export function steadyPower(factor: number, exponent: number): number {
  let result = 1;
  for (let square = factor, left = exponent; left > 0; left = Math.floor(left / 2), square *= square) {
    if (left % 2 === 1) result *= square;
  }
  return result;
}

/** e^x; 0 below −745 and infinite above 709.78, as doubles have it. */
export function steadyExp(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  const twos = Math.round(x / (LN2_HIGH + LN2_LOW));
  const high = x - twos * LN2_HIGH;
  const low = twos * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const mantissa = 1 - (low - (r * c) / (2 - c) - high);
  // In two steps, because 2^twos alone may be no normal double.
  const half = Math.trunc(twos / 2);
  return mantissa * powerOfTwo(half) * powerOfTwo(twos - half);
}

const powerOfTwo = (exponent: number): number =>
  exponent < 0 ? steadyPower(0.5, -exponent) : steadyPower(2, exponent);

const SCALES = [512, 256, 128, 64, 32, 16, 8, 4, 2, 1].map((step) => ({
  step,
  up: powerOfTwo(step),
  down: powerOfTwo(-step),
}));

/** ln x for x > 0; −∞ at 0, NaN below. */
export function steadyLog(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let twos = 0;
  let m = x;
  // Scaling by powers of two is exact; after it m lies in [½, 2).
  for (const { step, up, down } of SCALES) {
    for (; m >= up; twos += step) m *= down;
    for (; m < down; twos -= step) m *= up;
  }
  if (m < SQRT_HALF) {
    m *= 2;
    twos -= 1;
  } else if (m >= 2 * SQRT_HALF) {
    m /= 2;
    twos += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return twos * LN2_HIGH - (half - (s * (half + even + odd) + twos * LN2_LOW) - f);
}
