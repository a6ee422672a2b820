import { expect, test } from 'vitest';
import { nextMark } from './day-count.ts';

test("a day's mark is kept while the count grows", () => {
  const mark = nextMark(undefined, '2026-11-20', 40);
  expect(nextMark(mark, '2026-11-20', 52)).toBe(mark);
});

test('another day begins at the count reached', () => {
  expect(nextMark({ day: '2026-11-20', base: 40 }, '2026-11-21', 52)).toEqual({ day: '2026-11-21', base: 52 });
});

test('a node that was reset never counts below nothing', () => {
  expect(nextMark({ day: '2026-11-20', base: 40 }, '2026-11-20', 0)).toEqual({ day: '2026-11-20', base: 0 });
});
