import { expect, test } from 'vitest';
import { nodesNeeded, policyName, priceWords, verdictWords } from './policy-words.ts';

const sampling = { chunks: 16, checkers: 2 };

test.each([
  [{ kind: 'quorum', quorum: 3, maxReplicas: 5 }, 3, 'a vote of 3 nodes'],
  [{ kind: 'sample', ...sampling, maxReplicas: 3 }, 3, 'a sample of 16 chunks by 2 checkers'],
  [{ kind: 'certificate', maxReplicas: 3 }, 1, 'certificate'],
  [{ kind: 'audit', epsilon: 0.001, maxReplicas: 3 }, 2, 'audit with ε = 0.001'],
  [
    { kind: 'audit', epsilon: 0.001, sample: sampling, maxReplicas: 3 },
    3,
    'audit with ε = 0.001 and a sample of 16 chunks by 2 checkers',
  ],
] as const)('%o needs %i nodes and is called %s', (policy, nodes, words) => {
  expect(nodesNeeded(policy)).toBe(nodes);
  expect(policyName(policy)).toBe(words);
});

test('a price is work, bytes and time together', () => {
  expect(priceWords({ executions: 1.0625, bytes: 0, delayMs: 400 })).toBe(
    'about 1.06 executions, +0 bytes, +0.4 s per unit',
  );
  expect(priceWords({ executions: 1.9, executionsLater: 1.05, bytes: 2_500_000, delayMs: 0 })).toBe(
    'about 1.90 executions (about 1.05 by nodes that are known), +2.5 MB, +0.0 s per unit',
  );
});

test('how units were verified is counted, with the weakest bound of each', () => {
  const by = (kind: 'vote' | 'sample' | 'certificate', bound: number) => ({ verdict: { by: kind, bound } });
  const units = [
    by('sample', 0.05),
    by('sample', 0.083),
    by('vote', 1),
    { verdict: null },
    by('certificate', 2 ** -63),
  ];
  expect(verdictWords(units)).toBe(
    '2 by sample (a wrong one passes with at most 8.3 %), 1 by vote, 1 by certificate (a wrong one passes with at most 1e-19)',
  );
});
