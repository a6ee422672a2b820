import { expect, test } from 'vitest';
import { createProgressNotices } from './progress-notices.ts';
import type { WorkerNotice } from './worker-api.ts';

function setUp() {
  let now = 1000;
  const told: WorkerNotice[] = [];
  const notices = createProgressNotices(
    (notice) => told.push(notice),
    () => now,
  );
  /** Runs a unit that tells its progress at these times after its beginning. */
  const unit = (...steps: [ms: number, fraction: number, text?: string][]): (number | string)[] => {
    told.length = 0;
    const began = now;
    notices.begin();
    for (const [ms, fraction, text] of steps) {
      now = began + ms;
      notices.tell(fraction, text === undefined ? undefined : { kind: 'text', text });
    }
    notices.end();
    return told.map((notice) =>
      notice.notice !== 'progress' ? 'other' : notice.preview?.kind === 'text' ? notice.preview.text : notice.fraction,
    );
  };
  return unit;
}

test('the first unit tells everything at once, and quick ones after it only their last picture', () => {
  const unit = setUp();
  expect(unit([0, 0], [1, 0.5, 'half'], [2, 1])).toEqual([0, 'half', 1]);
  expect(unit([0, 0, 'begin'], [1, 0.2], [2, 1, 'end'])).toEqual(['end']);
  expect(unit([0, 0], [2, 1])).toEqual([]);
});

test('a unit that turns out long is told of after 50 ms, and the next one at once', () => {
  const unit = setUp();
  unit([1, 1]);
  expect(unit([0, 0, 'begin'], [60, 0.2], [70, 0.4], [200, 1])).toEqual(['begin', 1]);
  expect(unit([0, 0], [10, 1])).toEqual([0, 1]);
});
