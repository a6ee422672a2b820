import type { NodeSnapshot } from '@reckon/node/snapshot';
import { expect, test } from 'vitest';
import { HOLD_MS, steady } from './steady.ts';

const unit = { workUnitId: '0x1', phase: 'computing', index: 7 } as unknown as NodeSnapshot['units'][number];
const at = (state: NodeSnapshot['state'], reason: string, units: NodeSnapshot['units'] = []): NodeSnapshot =>
  ({ state, status: { title: state, reason }, units, channel: { connected: true } }) as unknown as NodeSnapshot;
const computing = at('computing', 'digits for Ada', [unit]);

test('a short wait between two units reads as computing, with the unit still there', () => {
  const held = steady(steady(undefined, computing, 1000), at('waiting', 'no work'), 1000 + HOLD_MS - 1);
  expect(held.snapshot.state).toBe('computing');
  expect(held.snapshot.status.reason).toBe('digits for Ada');
  expect(held.snapshot.units).toEqual([unit]);
});

test('a wait that lasts is shown as one, and the last unit stays on the bench', () => {
  const shown = steady(steady(undefined, computing, 1000), at('waiting', 'no work'), 1000 + HOLD_MS);
  expect(shown.snapshot.state).toBe('waiting');
  expect(shown.snapshot.units).toEqual([]);
  expect(shown.recent).toBe(unit);
});

test('what a wait is for does not change faster than it can be read', () => {
  const first = steady(undefined, at('waiting', 'first'), 0);
  const waiting = steady(first, at('waiting', 'second'), HOLD_MS);
  const flapped = steady(waiting, at('waiting', 'third'), HOLD_MS + 10);
  expect(flapped.snapshot.status.reason).toBe('second');
  expect(steady(flapped, at('waiting', 'third'), 2 * HOLD_MS).snapshot.status.reason).toBe('third');
});

test.each(['paused', 'blocked', 'starting', 'finishing', 'off'] as const)('%s shows at once', (state) => {
  const next = at(state, 'now');
  expect(steady(steady(undefined, computing, 1000), next, 1001)).toEqual({
    snapshot: next,
    recent: undefined,
    holdUntil: 0,
  });
});

test('a lost connection is not held back', () => {
  const away = { ...at('waiting', 'away'), channel: { connected: false } } as NodeSnapshot;
  expect(steady(steady(undefined, computing, 1000), away, 1001).snapshot.status.reason).toBe('away');
});

test('work that comes after a wait shows at once', () => {
  const waiting = steady(undefined, at('waiting', 'no work'), 0);
  expect(steady(waiting, computing, 1).snapshot).toBe(computing);
});
