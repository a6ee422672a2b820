import { readFileSync } from 'node:fs';
import { errorMessages } from '@reckon/protocol/base/error-codes';
import { expect, test } from 'vitest';
import { plainReason, verdictCode, verdictTitles } from './verdict-codes.ts';
import { readVerdicts } from './verdict-docs.ts';

const sections = readVerdicts(readFileSync(new URL('../../../../../docs/verification.md', import.meta.url), 'utf8'));

test('every verdict has a title and an explanation: what happened, what follows, what to do', () => {
  expect(new Set(sections.map(({ code }) => code))).toEqual(new Set(Object.keys(verdictTitles)));
  for (const { code, parts } of sections) {
    const leads = parts.map(({ lead }) => lead);
    expect(leads, code).toEqual(['What happened', 'What follows', 'What to do']);
    for (const { text } of parts) expect(text.length, code).toBeGreaterThan(5);
  }
});

test('every verdict code of the protocol is explained', () => {
  const verdicts = Object.keys(errorMessages).filter((code) =>
    /^(SEAL_|REVEAL_|CHUNK_WRONG|CHECK_WRONG|CERTIFICATE_|RESULT_OUTVOTED|RESULT_VOIDED|NODE_BARRED)/.test(code),
  );
  expect(verdicts).toHaveLength(9);
  for (const code of verdicts) expect(verdictCode(code)).toBe(code);
});

test('words that stand for a code lead to it; other words are said plainly, and unknown ones as they came', () => {
  expect(verdictCode('no-quorum')).toBe('NO_QUORUM');
  expect(verdictCode('toString')).toBeUndefined();
  expect(plainReason('not-needed')).toBe('decided without it');
  expect(plainReason('KERNEL_TIMEOUT')).toBe('KERNEL_TIMEOUT');
});
