import { expect, test } from 'vitest';
import { network } from '../../../testing/sample-network.ts';
import { measuresOf, rate } from './measures.tsx';

test('nothing measured is said, not drawn as nought', () => {
  const trust = {
    ...network.trust,
    accepted: 0,
    verified: 0,
    executions: 0,
    canaries: 0,
    canariesForged: 0,
    caught: 0,
  };
  const empty = measuresOf({ ...network, resultsChecked: 0, resultsDisagreed: 0, trust });
  expect(empty.map(({ value }) => value)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

test('every measure of a busy network has a value', () => {
  const trust = { ...network.trust, accepted: 200, verified: 150, executions: 250, canaries: 20, canariesForged: 1 };
  const values = measuresOf({ ...network, resultsChecked: 400, resultsDisagreed: 2, trust }).map(({ value }) => value);
  expect(values.slice(0, 4)).toEqual(['75%', '1.25', '0.5%', '1']);
});

test('a share that is not all is never called all', () => {
  expect(rate(9999, 10_000)).toBe('99.9%');
  expect(rate(10, 10)).toBe('100%');
});
