import type { AuditReport } from '@reckon/client/audit/audit-report';
import { expect, test } from 'vitest';
import { prettyEntry } from './pretty-entry.ts';
import { type AuditState, receive } from './use-audit.ts';

const report = { checkpoint: { size: 40, root: '0x' } } as AuditReport;
const progress = (phase: 'replay' | 'chain' | 'recompute', done: number, total: number) =>
  ({ type: 'progress', progress: { phase, done, total } }) as const;

test('the strip keeps what the replay reached while the chain is compared', () => {
  const replayed = receive({ inputBytes: 0 }, progress('replay', 30, 40));
  expect(replayed.log).toEqual({ size: 40, passed: 30 });
  const compared = receive(receive(replayed, progress('replay', 40, 40)), progress('chain', 1, 3));
  expect(compared).toMatchObject({ log: { size: 40, passed: 40 }, progress: { phase: 'chain' } });
});

test('a report ends the progress; recomputed units join it; a new error does not take it away', () => {
  const done = receive(
    { inputBytes: 0, progress: { phase: 'chain', done: 0, total: 1 } },
    { type: 'report', report, inputBytes: 9 },
  );
  expect(done).toEqual({ report, inputBytes: 9 });
  const running = receive(done, progress('recompute', 0, 2));
  const recomputed = { units: [] };
  expect(receive(running, { type: 'recomputed', recomputed })).toEqual({ report, inputBytes: 9, recomputed });
  const failed: AuditState = receive(running, {
    type: 'failed',
    error: { code: 'RELAY_UNREACHABLE', details: { url: 'x', cause: 'y' } },
  });
  expect(failed.error?.code).toBe('RELAY_UNREACHABLE');
  expect(failed.report).toBe(report);
  expect(failed.progress).toBeUndefined();
});

test('an entry is shown over several lines, and what is no JSON as it is', () => {
  expect(prettyEntry('{"at":2}')).toBe('{\n  "at": 2\n}');
  expect(prettyEntry('{"at":')).toBe('{"at":');
});
