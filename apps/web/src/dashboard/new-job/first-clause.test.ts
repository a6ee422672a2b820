import { manifests } from '@reckon/kernels/manifests';
import { expect, test } from 'vitest';
import { firstClause } from './first-clause.ts';

test('a card shows the first clause, ended as a sentence', () => {
  expect(firstClause('Tries numbers: for puzzles. More.')).toBe('Tries numbers.');
  expect(firstClause('One sentence. Another.')).toBe('One sentence.');
  expect(firstClause('One sentence of 1.5 lines.')).toBe('One sentence of 1.5 lines.');
});

test.each(manifests)('the card of $id is short', ({ summary }) => {
  expect(firstClause(summary).length).toBeLessThan(130);
});
