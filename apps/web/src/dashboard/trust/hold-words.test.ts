import { expect, test } from 'vitest';
import { holdWords } from './hold-words.ts';

test('rewards that are held back are said to be, with how far it is', () => {
  expect(holdWords({ verified: 3, holdUntil: 10 })).toBe(
    'Rewards are held back until 10 of your results were checked; 3 so far.',
  );
});

test('from the last of them on they are paid as they are earned', () => {
  expect(holdWords({ verified: 10, holdUntil: 10 })).toMatch(/^Rewards are paid as they are earned: 10 results/);
  expect(holdWords({ verified: 0, holdUntil: 0 })).toMatch(/^Rewards are paid/);
});
