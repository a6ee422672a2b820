import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inspectRecord } from './inspect-record.ts';
import type { Unit } from './params.ts';
import { decodeRecord, decodeRecords, encodeRecord } from './record.ts';

const span = { generator: 'philox4x32-10', seed: 0, stream: 0, first: 0, paths: 9, pathsPerBlock: 9 } as const;
const points: Unit = { problem: 'pi', ...span };
const call: Unit = { problem: 'european', ...span, option: 'call', drift: 0, spread: 1, strike: 2 ** 30 - 5 };
const put: Unit = { problem: 'european', ...span, option: 'put', drift: 0, spread: 1, strike: 2 ** 22 };

test('a record comes back as it was written', () => {
  const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const u128 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
  fc.assert(
    fc.property(fc.nat(), u64, u128, (count, sum, squares) => {
      const bytes = encodeRecord({ count, sum, squares });
      expect(decodeRecord(bytes, 0)).toEqual({ count, sum, squares });
    }),
  );
  expect([...encodeRecord({ count: 0x04030201, sum: 5n, squares: (7n << 64n) + 6n })]).toEqual([
    ...[1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0],
  ]);
  expect(() => decodeRecord(new Uint8Array(27), 0)).toThrow(RangeError);
  expect(decodeRecords(new Uint8Array(56))).toHaveLength(2);
});

test('values that there could be make a record that is let through', () => {
  const values = fc.array(fc.integer({ min: 0, max: 2 ** 22 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, (list) => {
      const sum = list.reduce((all, value) => all + BigInt(value), 0n);
      const squares = list.reduce((all, value) => all + BigInt(value) ** 2n, 0n);
      expect(inspectRecord(put, { count: list.length, sum, squares }, list.length)).toBeUndefined();
    }),
  );
});

test.each([
  ['another count', points, { count: 8, sum: 4n, squares: 4n }, /expected 9 paths, got 8/],
  ['more hits than points', points, { count: 9, sum: 10n, squares: 10n }, /sum of at most 9/],
  ['squares of hits that are not hits', points, { count: 9, sum: 4n, squares: 6n }, /squares from 4 to 4/],
  ['a payoff above the strike', put, { count: 9, sum: 9n * 2n ** 22n + 1n, squares: 1n }, /sum of at most 37748736/],
  ['a payoff above what prices reach', call, { count: 9, sum: 46n, squares: 46n }, /sum of at most 45/],
  ['squares below the sum', put, { count: 9, sum: 9n, squares: 7n }, /squares from 9/],
  ['squares of the other parity', put, { count: 9, sum: 90n, squares: 1001n }, /odd or even/],
  ['squares too small for the sum', put, { count: 9, sum: 90n, squares: 898n }, /at least the sum’s square/],
])('%s is refused', (_, unit, record, reason) => {
  expect(inspectRecord(unit, record, 9)).toMatch(reason);
});
