import * as v from 'valibot';
import { expect, test } from 'vitest';
import { errorMessages } from './error-codes.ts';
import { tryParse } from './parse.ts';

const Schema = v.strictObject({
  entryPoint: v.optional(v.pipe(v.string(), v.regex(/^[a-z]+$/, 'small letters'), v.maxLength(5)), 'main'),
  workgroupSize: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1))), v.minLength(2)),
});
const said = (input: unknown): string => {
  const parsed = tryParse(Schema, input);
  return parsed.ok ? 'read' : errorMessages.JOB_FILE_INVALID(parsed.failure);
};

test.each([
  [{ workgroupSize: [1, 2] }, 'read'],
  [{}, 'The job\'s "workgroupSize" is missing.'],
  [{ workgroupsize: [1, 2] }, 'The job\'s "workgroupSize" is missing; there is "workgroupsize".'],
  [{ workgroup_size: [1, 2] }, 'The job\'s "workgroupSize" is missing; there is "workgroup_size".'],
  [{ workgroupSiz: [1, 2] }, 'The job\'s "workgroupSize" is missing; there is "workgroupSiz".'],
  [{ size: [1, 2] }, 'The job\'s "workgroupSize" is missing.'],
  [{ workgroupSize: [1, 2], more: 1 }, 'The job\'s "more" expected no field of this name, got one.'],
  [{ workgroupSize: [1] }, 'The job\'s "workgroupSize" expected at least 2 entries, got 1.'],
  [{ workgroupSize: [1, 0] }, 'The job\'s "workgroupSize.1" expected at least 1, got 0.'],
  [{ workgroupSize: [1, 0.5] }, 'The job\'s "workgroupSize.1" expected a whole number, got 0.5.'],
  [{ workgroupSize: [1, '2'] }, 'The job\'s "workgroupSize.1" expected a number, got "2".'],
  [{ workgroupSize: [] }, 'The job\'s "workgroupSize" expected at least 2 entries, got 0.'],
  [{ workgroupSize: {} }, 'The job\'s "workgroupSize" expected a list, got an object.'],
  [{ entryPoint: 'M', workgroupSize: [1, 2] }, 'The job\'s "entryPoint" expected small letters, got "M".'],
  [{ entryPoint: 'abcdef', workgroupSize: [1, 2] }, 'The job\'s "entryPoint" expected at most 5 characters, got 6.'],
])('%j is refused in words', (input, words) => {
  expect(said(input)).toBe(words);
});

test('what may be one of several is said as a list', () => {
  const kinds = v.object({ kind: v.picklist(['quorum', 'sample', 'audit']), value: v.union([v.string(), v.number()]) });
  const failure = (input: unknown) => {
    const parsed = tryParse(kinds, input);
    return parsed.ok ? undefined : parsed.failure;
  };
  expect(failure({ kind: 'quorm' })).toEqual({
    path: 'kind',
    expected: '"quorum", "sample" or "audit"',
    received: '"quorm"',
  });
  expect(failure({ kind: 'audit', value: [1] })).toEqual({
    path: 'value',
    expected: 'text or a number',
    received: 'a list',
  });
});
