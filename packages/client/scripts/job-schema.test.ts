import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jobSchemaFile, jobSchemaText } from './job-schema.ts';

test('the committed JSON Schema is the one the program reads by', () => {
  // Compared as values: the formatter may lay the file out its own way.
  expect(JSON.parse(readFileSync(jobSchemaFile, 'utf8'))).toEqual(JSON.parse(jobSchemaText()));
});
