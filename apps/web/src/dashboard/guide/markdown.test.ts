import { readFileSync } from 'node:fs';
import { manifests } from '@reckon/kernels/manifests';
import { expect, test } from 'vitest';
import { guideOf, guideSections } from './guide-links.ts';
import { readInline, readMarkdown } from './markdown.ts';

test('blocks are told apart', () => {
  const text = [
    '# A title',
    '',
    'Two lines',
    'of one paragraph.',
    '- an item',
    '  that goes on',
    '- another',
    '',
    '| a | b |',
    '|---|---|',
    '| 1 \\| 2 | `x` |',
    '',
    '```sh',
    '# no heading',
    '',
    '- no item',
    '```',
    'The end.',
  ].join('\n');
  expect(readMarkdown(text)).toEqual([
    { kind: 'heading', level: 1, text: 'A title', id: 'a-title' },
    { kind: 'paragraph', text: 'Two lines of one paragraph.' },
    { kind: 'list', items: ['an item that goes on', 'another'] },
    { kind: 'table', head: ['a', 'b'], rows: [['1 | 2', '`x`']] },
    { kind: 'code', text: '# no heading\n\n- no item' },
    { kind: 'paragraph', text: 'The end.' },
  ]);
});

test('marks within a line are read, and a lone star is a star', () => {
  expect(readInline('**Two** of `a * b`, *New job* and [`the doc`](x.md): 2 * 3')).toEqual([
    { kind: 'strong', text: 'Two' },
    { kind: 'text', text: ' of ' },
    { kind: 'code', text: 'a * b' },
    { kind: 'text', text: ', ' },
    { kind: 'emphasis', text: 'New job' },
    { kind: 'text', text: ' and ' },
    { kind: 'link', text: 'the doc' },
    { kind: 'text', text: ': 2 * 3' },
  ]);
});

const guide = readMarkdown(
  readFileSync(new URL('../../../../../docs/kernels.md', import.meta.url), 'utf8').replaceAll('\r\n', '\n'),
);

test('the guide is read whole, with rows as wide as their heads', () => {
  expect(guide.length).toBeGreaterThan(60);
  for (const block of guide) {
    if (block.kind === 'table') for (const row of block.rows) expect(row).toHaveLength(block.head.length);
    if (block.kind === 'paragraph') expect(block.text).not.toContain('```');
  }
});

test('every kernel that runs a program of the requester’s has its section in the guide', () => {
  const ids = guide.flatMap((block) => (block.kind === 'heading' ? block.id : []));
  for (const { id } of manifests.filter(({ guest }) => guest)) {
    expect(Object.keys(guideSections)).toContain(id);
    expect(ids).toContain(guideOf(id).split('#')[1]);
  }
  expect(guideOf('mandelbrot')).toBe('/guide');
});
