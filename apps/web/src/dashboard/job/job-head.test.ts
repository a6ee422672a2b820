import type { JobSummary } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import { estimateLeft } from './job-head.tsx';

const job = {
  status: 'running',
  firstLeaseAt: 1000,
  units: { total: 100, pending: 70, issued: 10, accepted: 19, failed: 1 },
} as JobSummary;

test('the time left follows the pace since the first lease', () => {
  expect(estimateLeft(job, 21_000)).toBe(80_000);
});

test('no estimate is shown before it can be defended, nor when nothing runs', () => {
  expect(estimateLeft({ ...job, units: { ...job.units, accepted: 3, failed: 1 } }, 21_000)).toBeUndefined();
  expect(estimateLeft({ ...job, status: 'paused' }, 21_000)).toBeUndefined();
  expect(estimateLeft({ ...job, firstLeaseAt: null }, 21_000)).toBeUndefined();
});
