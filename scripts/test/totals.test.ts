import { expect, test } from 'vitest';
import { add, judge, parseTotals, summaryLine } from './totals.ts';

test('reads the last count a program printed', () => {
  expect(parseTotals('a: 3 passed, 0 failed\nall: 10 passed, 2 failed, 1 skipped\n')).toEqual({
    passed: 10,
    failed: 2,
    skipped: ['see above'],
  });
  expect(parseTotals('everything fine')).toBeUndefined();
});

test('a part that ran no test has failed', () => {
  expect(judge({ passed: 0, failed: 0, skipped: ['x'] }, 0).failed).toBe(1);
  expect(judge(undefined, 0).failed).toBe(1);
});

test('a part that crashed after its tests passed has failed, and a failure is counted once', () => {
  expect(judge({ passed: 3, failed: 0, skipped: [] }, 1)).toEqual({ passed: 3, failed: 1, skipped: [] });
  expect(judge({ passed: 3, failed: 2, skipped: [] }, 1).failed).toBe(2);
  expect(judge({ passed: 3, failed: 0, skipped: [] }, 0).failed).toBe(0);
});

test('the last line names skipped tests only when there are some', () => {
  const one = { passed: 1, failed: 0, skipped: [] };
  expect(summaryLine(add(one, one))).toBe('2 passed, 0 failed');
  expect(summaryLine(add(one, { passed: 0, failed: 1, skipped: ['gpu: no adapter'] }))).toBe(
    '1 passed, 1 failed, 1 skipped',
  );
});
