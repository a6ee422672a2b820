import { expect, test } from 'vitest';
import { agreementWords } from './agreement-words.ts';

test('a kernel says in its own words when results agree, and by its figures where it has none', () => {
  const within = { kind: 'within', absolute: 1e-4, relative: 0.001 } as const;
  expect(agreementWords({ ...within, words: 'what the order says' })).toBe('Agreeing means what the order says.');
  expect(agreementWords(within)).toMatch(/^Agreeing means within 0.0001 absolute or 0.001 relative: /);
  expect(agreementWords({ kind: 'exact' })).toBe('Agreeing means the same bytes.');
});
