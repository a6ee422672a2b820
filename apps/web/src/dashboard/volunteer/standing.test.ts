import { expect, test, vi } from 'vitest';

// The relay's client reads the page's address when it is made; there is no page here.
vi.stubGlobal('location', { origin: 'http://127.0.0.1:1' });
const { holdWords } = await import('./standing.tsx');

test('rewards that are held back are said to be, with how far it is', () => {
  expect(holdWords({ verified: 3, holdUntil: 10 })).toBe(
    'Rewards are held back until 10 of your results were checked; 3 so far.',
  );
});

test('from the last of them on they are paid as they are earned', () => {
  expect(holdWords({ verified: 10, holdUntil: 10 })).toMatch(/^Rewards are paid as they are earned: 10 results/);
  expect(holdWords({ verified: 0, holdUntil: 0 })).toMatch(/^Rewards are paid/);
});
