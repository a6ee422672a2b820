import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatAmount,
  formatBytes,
  formatDuration,
  formatMoney,
  formatRelative,
  formatShare,
  shortHex,
} from './format.ts';

const RKN = 10n ** 18n;
const token = { symbol: 'tRKN', decimals: 18, test: true };

test('an amount keeps two digits after the point and drops zeros beyond them', () => {
  expect(formatMoney(2n * RKN, token)).toBe('2.00 tRKN');
  expect(formatMoney(RKN + RKN / 8n, token)).toBe('1.125 tRKN');
  expect(formatMoney(1_234_567n * RKN, token)).toBe('1,234,567.00 tRKN');
});

test('an amount too small to show is not shown as nothing', () => {
  expect(formatAmount(1n, 18)).toBe('<0.000001');
  expect(formatAmount(0n, 18)).toBe('0.00');
});

test('an amount is never shown as more than it is', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (wei) => {
      const text = formatAmount(wei, 18);
      if (text.startsWith('<')) return wei > 0n && wei < 10n ** 12n;
      const [head, tail] = text.replaceAll(',', '').split('.') as [string, string];
      const shown = BigInt(head) * RKN + BigInt(tail.padEnd(18, '0'));
      return shown <= wei && wei - shown < 10n ** 12n;
    }),
  );
});

test('a share says 100% only when all is done', () => {
  expect(formatShare(999, 1000)).toBe('99%');
  expect(formatShare(1000, 1000)).toBe('100%');
  expect(formatShare(0, 0)).toBe('0%');
});

test('times are relative, in the largest whole unit', () => {
  const now = 1_800_000_000_000;
  expect(formatRelative(now - 900, now)).toBe('now');
  expect(formatRelative(now - 12_400, now)).toBe('12 s ago');
  expect(formatRelative(now - 119_000, now)).toBe('1 min ago');
  expect(formatRelative(now + 3 * 3_600_000, now)).toBe('in 3 h');
});

test('durations and sizes carry their units', () => {
  expect(formatDuration(850)).toBe('850 ms');
  expect(formatDuration(4230)).toBe('4.2 s');
  expect(formatDuration(200_000)).toBe('3 min 20 s');
  expect(formatDuration(7_500_000)).toBe('2 h 5 min');
  expect(formatBytes(512)).toBe('512 B');
  expect(formatBytes(1_270_000)).toBe('1.21 MiB');
});

test('a digest is shortened in the middle', () => {
  expect(shortHex(`0x${'ab'.repeat(32)}`)).toBe('0xabab…abab');
  expect(shortHex('0x1234')).toBe('0x1234');
});
