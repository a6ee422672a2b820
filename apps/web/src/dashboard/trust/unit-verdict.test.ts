import type { JobSummary } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import { jobs } from '../../../testing/sample-data.ts';
import { unitOf } from '../../../testing/sample-units.ts';
import { unitVerdictWords } from './unit-verdict.ts';

const wordsFor = (index: number): string => {
  const job = jobs[index] as JobSummary;
  return unitVerdictWords(job, unitOf(job, 4));
};

test('a sample says how many chunks of how many were recomputed by whom, and what may slip through', () => {
  expect(wordsFor(0)).toBe(
    'Checked by sample: 32 of 160 chunks recomputed by 2 other nodes; chance that a forgery of 10% passes: 6%.',
  );
});

test('a vote is called a vote, and never a chance', () => {
  expect(wordsFor(1)).toBe(
    'Accepted by vote: 2 nodes got the same result. Nodes that work together could agree on a wrong one.',
  );
});

test('a certificate says how rarely it is wrong', () => {
  expect(wordsFor(2)).toContain('less than one in 10¹⁸');
});
