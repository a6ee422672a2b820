import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shaderSchemaFile, shaderSchemaText } from './shader-schema.ts';

test('the committed JSON Schema is the one the program reads by', () => {
  // Compared as values: the formatter may lay the file out its own way.
  expect(JSON.parse(readFileSync(shaderSchemaFile, 'utf8'))).toEqual(JSON.parse(shaderSchemaText()));
});
