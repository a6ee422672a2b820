import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jobSchemaFile, jobSchemaText } from './job-schema.ts';

test('the committed JSON Schema is the one the program reads by', () => {
  expect(readFileSync(jobSchemaFile, 'utf8')).toBe(jobSchemaText());
});
