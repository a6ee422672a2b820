import type { Wei } from '@reckon/protocol/base/units';

/** The one place where numbers, money and times become text. English, because every page's text is. */
const LOCALE = 'en-GB';

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 });
const absolute = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'medium' });
const bytes = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 });

export const formatCount = (value: number): string => whole.format(value);
/** Never says 100 % of something unfinished. */
export const formatShare = (part: number, all: number): string =>
  all === 0 ? '0%' : percent.format(part < all ? Math.floor((part / all) * 100) / 100 : 1);
export const formatTime = (at: number): string => absolute.format(at);
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const steps: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** "12 s ago", "in 3 h". Less than two seconds either way is "now". */
export function formatRelative(at: number, now: number): string {
  const difference = Math.abs(at - now);
  if (difference < 2000) return 'now';
  const [unit, size] = steps.find(([, ms]) => difference >= ms) ?? ['s', 1000];
  const amount = `${whole.format(Math.floor(difference / size))} ${unit}`;
  return at < now ? `${amount} ago` : `in ${amount}`;
}

/** "850 ms", "4.2 s", "3 min 20 s", "2 h 5 min". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
}

/** Binary prefixes, three significant digits: "1.21 MiB". */
export function formatBytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, size)) / 10));
  return `${bytes.format(size / 1024 ** power)} ${units[power]}`;
}

export interface TokenUnit {
  symbol: string;
  decimals: number;
  /** Test money is always marked as such. */
  test: boolean;
}

/**
 * An exact amount as a decimal number: no digit is lost and none is added. At least `minDigits` after the point, and at
 * most `maxDigits`, cut off towards zero, with "<" before an amount too small to show.
 */
export function formatAmount(wei: Wei, decimals: number, minDigits = 2, maxDigits = 6): string {
  const scale = 10n ** BigInt(decimals);
  const fraction = (wei % scale).toString().padStart(decimals, '0').slice(0, maxDigits).replace(/0+$/, '');
  const head = whole.format(wei / scale);
  if (wei > 0n && wei / scale === 0n && fraction === '') return `<0.${'0'.repeat(Math.max(0, maxDigits - 1))}1`;
  const tail = fraction.padEnd(minDigits, '0');
  return tail === '' ? head : `${head}.${tail}`;
}

/** "1.24 tRKN". The test-money mark is the `Money` component's. */
export const formatMoney = (wei: Wei, token: TokenUnit): string =>
  `${formatAmount(wei, token.decimals)} ${token.symbol}`;

/** "0x3f9a…c210": enough to recognise, never to be copied; the full text stays in the title. */
export const shortHex = (hex: string, head = 4, tail = 4): string =>
  hex.length <= 2 + head + tail + 1 ? hex : `${hex.slice(0, 2 + head)}…${hex.slice(-tail)}`;
