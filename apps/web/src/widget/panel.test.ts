import type { LoggedUnit, UnitOutcome } from '@reckon/node/snapshot';
import { expect, test } from 'vitest';
import { cellsOf, sentenceOf } from './panel.ts';

const logged = (outcome: UnitOutcome) => ({ outcome }) as LoggedUnit;
const computing = { phase: 'computing', progress: 0.25 } as never;
const looks = (log: LoggedUnit[], units: never[]) => cellsOf({ log, units }).map(({ look }) => look);

test('a node that has done nothing shows five empty cells', () => {
  expect(looks([], [])).toEqual(['pending', 'pending', 'pending', 'pending', 'pending']);
});

test('finished units stand left of the one computing, the newest nearest', () => {
  expect(looks([logged('waiting'), logged('accepted')], [computing])).toEqual([
    'accepted',
    'waiting',
    'computing',
    'pending',
    'pending',
  ]);
});

test('there are always five, however much was done', () => {
  const log = Array.from({ length: 50 }, () => logged('failed'));
  expect(looks(log, [computing, computing])).toEqual(['refused', 'refused', 'refused', 'computing', 'computing']);
});

test('a node at work says how much was accepted, a resting one what would change it', () => {
  const totals = { accepted: 1 } as never;
  expect(sentenceOf({ state: 'computing', status: { title: 'Computing', reason: 'digits for Ada' }, totals })).toBe(
    'Computing · digits for Ada. 1 unit accepted.',
  );
  const status = { title: 'Paused', reason: 'on battery', next: 'Resumes when plugged in.' };
  expect(sentenceOf({ state: 'paused', status, totals })).toBe('Paused · on battery. Resumes when plugged in.');
});
