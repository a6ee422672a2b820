import type { AccountSummary } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import { account } from '../../../testing/sample-network.ts';
import { earnedWords, rewardStages, settlingWords } from './reward-stages.ts';

const sample = account(`0x${'11'.repeat(20)}`);
const withEpochs = (...history: [number, AccountSummary['history'][number]['status']][]): AccountSummary => ({
  ...sample,
  history: history.map(([epoch, status]) => ({
    ...(sample.history[0] as never as AccountSummary['history'][number]),
    epoch,
    status,
  })),
});

test('every token earned stands in exactly one stage', () => {
  const given = { ...sample, pending: 5n, settled: 100n, claim: { epoch: 3, cumulative: 70n, path: [] } };
  const stages = rewardStages(given, 40n);
  expect(stages).toEqual({ earned: 5n, settling: 30n, claimable: 30n, claimed: 40n });
  expect(stages.earned + stages.settling + stages.claimable + stages.claimed).toBe(given.pending + given.settled);
});

test('with no final epoch everything settled is on its way', () => {
  expect(rewardStages({ ...sample, settled: 9n, claim: null }, 0n)).toMatchObject({ settling: 9n, claimable: 0n });
});

test('the wait names the epoch that is next, and when it becomes final', () => {
  const two = withEpochs([13, 'sealed'], [12, 'posted'], [11, 'final']);
  expect(settlingWords(two, 8000, 5000)).toBe('epoch 12 becomes final in 3 s');
  expect(settlingWords(two, 5000, 5000)).toBe('epoch 12 becomes final now');
  expect(settlingWords(two, undefined, 5000)).toBe('epoch 12 is in its challenge window');
  expect(settlingWords(withEpochs([13, 'sealed']), undefined, 0)).toBe('epoch 13 is being posted on the chain');
  expect(settlingWords(withEpochs([11, 'final']), undefined, 0)).toBe('nothing waits');
});

test('what was just earned waits for an epoch, and says how long that takes', () => {
  const stages = { earned: 1n, settling: 0n, claimable: 0n, claimed: 0n };
  expect(earnedWords(stages, 15_000)).toBe('joins an epoch in 15 s or sooner');
  expect(earnedWords({ ...stages, earned: 0n }, 15_000)).toBe('nothing waits');
});
