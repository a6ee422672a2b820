import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildExampleModule, exampleModule } from './example-module.ts';

test('the committed module of the example is what its source builds to', async () => {
  expect(Buffer.from(await buildExampleModule())).toEqual(readFileSync(exampleModule));
});

test('the guide shows the example’s sources as they are', () => {
  const guide = readFileSync(new URL('../../../docs/kernels.md', import.meta.url), 'utf8');
  for (const name of ['primes.as.ts', 'reckon.ts', 'affine.c', 'affine.rs']) {
    expect(guide).toContain(readFileSync(new URL(name, exampleModule), 'utf8').trimEnd());
  }
});
