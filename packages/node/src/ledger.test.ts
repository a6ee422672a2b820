import { hashWorkUnit } from '@reckon/protocol/base/hash';
import type { JobId } from '@reckon/protocol/base/ids';
import { expect, test } from 'vitest';
import { createLedger, LOG_LINES } from './ledger.ts';
import type { LoggedUnit } from './snapshot.ts';

const jobId = `0x${'00'.repeat(32)}` as JobId;
const line = (index: number): LoggedUnit => ({
  workUnitId: hashWorkUnit(jobId, 0, index),
  jobId,
  title: 'Echo',
  requesterLabel: 'Ada',
  kernel: 'echo@1.0.0',
  index,
  units: 9,
  outcome: 'sending',
  reason: null,
  device: 'WASM SIMD',
  computeMs: 5,
  resultDigest: null,
  finishedAt: 1,
  credits: 0,
  reward: '0',
});

test('waiting, accepted and disagreed are counted apart', () => {
  const ledger = createLedger();
  for (const index of [0, 1, 2]) {
    ledger.ended(line(index));
    ledger.stored(line(index).workUnitId);
  }
  ledger.decided({ workUnitId: line(0).workUnitId, verdict: 'agreed', credits: 4, reward: 7n });
  ledger.decided({ workUnitId: line(1).workUnitId, verdict: 'disagreed', credits: 0, reward: 0n });
  expect(ledger.totals()).toMatchObject({ waiting: 1, accepted: 1, disagreed: 1, credits: 4, reward: '7' });
});

test('a verdict on a unit that does not wait here is not counted', () => {
  const ledger = createLedger();
  expect(ledger.decided({ workUnitId: line(0).workUnitId, verdict: 'agreed', credits: 4, reward: 7n })).toBe(false);
  expect(ledger.totals()).toMatchObject({ accepted: 0, credits: 0 });
});

test('the next visit goes on where this one ended', () => {
  const ledger = createLedger();
  ledger.ended(line(0));
  ledger.stored(line(0).workUnitId);
  const next = createLedger(JSON.parse(JSON.stringify(ledger.record())));
  expect(next.totals()).toEqual(ledger.totals());
  expect(next.log()).toEqual(ledger.log());
  expect(next.decided({ workUnitId: line(0).workUnitId, verdict: 'agreed', credits: 1, reward: 2n })).toBe(true);
});

test('a check is a line that its pay is noted on, once, and is there at the next visit', () => {
  const ledger = createLedger();
  ledger.checked({ ...line(0), outcome: 'checked', chunks: 4 });
  const paid = { workUnitId: line(0).workUnitId, verdict: 'agreed', credits: 4, reward: 7n } as const;
  expect(ledger.decided(paid)).toBe(true);
  const next = createLedger(JSON.parse(JSON.stringify(ledger.record())));
  expect(next.decided(paid)).toBe(false);
  expect(next.log()).toMatchObject([{ outcome: 'checked', chunks: 4, credits: 4, reward: '7' }]);
  expect(next.totals()).toMatchObject({ checks: 1, accepted: 0, credits: 4, reward: '7' });
});

test('an unreadable history starts afresh', () => {
  expect(createLedger({ accepted: -1 }).totals().accepted).toBe(0);
});

test('the log keeps its newest lines', () => {
  const ledger = createLedger();
  for (let index = 0; index < LOG_LINES + 5; index++) ledger.ended(line(index));
  expect(ledger.log()).toHaveLength(LOG_LINES);
  expect(ledger.log()[0]?.index).toBe(LOG_LINES + 4);
});

test('more credits than fit into 32 bits are still there at the next visit', () => {
  const ledger = createLedger();
  for (let index = 0; index < 5; index++) {
    ledger.ended(line(index));
    ledger.stored(line(index).workUnitId);
    ledger.decided({ workUnitId: line(index).workUnitId, verdict: 'agreed', credits: 1e9, reward: 1n });
  }
  expect(createLedger(JSON.parse(JSON.stringify(ledger.record()))).totals().credits).toBe(5e9);
});
