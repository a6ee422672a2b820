import { readFileSync } from 'node:fs';
import { manifests } from '@reckon/kernels/manifests';
import { expect, test } from 'vitest';
import { guideOf, guideSections } from './guide-links.ts';
import { readMarkdown, slugOf } from './markdown.ts';

const guide = readMarkdown(
  readFileSync(new URL('../../../../../docs/kernels.md', import.meta.url), 'utf8').replaceAll('\r\n', '\n'),
);

test('the guide is read whole: code, lists and tables are told apart', () => {
  expect(guide.length).toBeGreaterThan(60);
  const kinds = new Set(guide.map(({ type }) => type));
  expect([...kinds].toSorted()).toEqual(['code', 'heading', 'list', 'paragraph', 'table']);
});

test('every kernel that runs a program of the requester’s has its section in the guide', () => {
  const ids = guide.flatMap((block) => (block.type === 'heading' ? slugOf(block.text) : []));
  for (const { id } of manifests.filter(({ guest }) => guest)) {
    expect(Object.keys(guideSections)).toContain(id);
    expect(ids).toContain(guideOf(id).split('#')[1]);
  }
  expect(guideOf('mandelbrot')).toBe('/guide');
});
