const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const superscript = (value: number): string =>
  String(value).replaceAll(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit);

/** A chance as people say it: "5%", "one in 2,000", "less than one in 10¹⁸". Rounded so that it never sounds smaller than it is. */
export function chanceWords(chance: number): string {
  if (chance >= 0.995) return 'certain';
  if (chance >= 0.01) return `${Math.ceil(chance * 100 - 1e-9)}%`;
  if (chance >= 1e-7) return `one in ${whole.format(roundDown(1 / chance))}`;
  return chance <= 0 ? 'none' : `less than one in 10${superscript(Math.floor(-Math.log10(chance) + 1e-9))}`;
}

/** To two significant digits, downwards; a hair of binary rounding below a round number is that number. */
function roundDown(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.floor(value / step + 1e-9) * step;
}

/** ε as a share of the accepted results: "one wrong in 1,000". */
export const wrongInWords = (epsilon: number): string => `one wrong in ${whole.format(roundDown(1 / epsilon))}`;
