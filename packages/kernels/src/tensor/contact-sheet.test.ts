import { expect, test } from 'vitest';
import { contactSheet } from './contact-sheet.ts';

const pictures = (shape: number[], fill: (index: number) => number) => ({
  dtype: 'uint8' as const,
  shape,
  data: Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => fill(index)),
});

test('the smallest number is paper, the largest is ink, and the gaps are clear', () => {
  const sheet = contactSheet(pictures([2, 1, 4, 4], (index) => (index === 5 ? 255 : 0)));
  if (sheet?.kind !== 'pixels') throw new Error('no pixels');
  expect([sheet.width, sheet.height]).toEqual([4 + 2 + 4, 4]);
  const pixel = (x: number, y: number) => [
    ...sheet.rgba.slice((y * sheet.width + x) * 4, (y * sheet.width + x) * 4 + 4),
  ];
  expect(pixel(1, 1)).toEqual([28, 27, 25, 255]);
  expect(pixel(0, 0)).toEqual([250, 248, 244, 255]);
  expect(pixel(4, 0)[3]).toBe(0);
});

test.each([[[3, 8, 8]], [[3, 1, 8, 8]], [[3, 8, 8, 1]]])('a batch of shape %j is drawn', (shape) => {
  expect(contactSheet(pictures(shape, (index) => index % 7))?.kind).toBe('pixels');
});

test.each([[[3, 3, 8, 8]], [[3, 10]], [[0, 8, 8]], [[2, 2000, 8]], [[5]]])(
  'shape %j is not a batch of small pictures',
  (shape) => {
    expect(contactSheet(pictures(shape, () => 1))).toBeUndefined();
  },
);

test('a batch of one number only is drawn as paper', () => {
  const sheet = contactSheet(pictures([1, 4, 4], () => 9));
  expect(sheet?.kind === 'pixels' && sheet.rgba[0]).toBe(250);
});

test('a label stands below its picture, and places kept for labels give the same size', () => {
  const two = pictures([2, 8, 8], () => 0);
  const [bare, kept, labelled] = [contactSheet(two), contactSheet(two, []), contactSheet(two, [1, 7])];
  if (bare?.kind !== 'pixels' || kept?.kind !== 'pixels' || labelled?.kind !== 'pixels') throw new Error('no pixels');
  expect([kept.width, kept.height]).toEqual([labelled.width, labelled.height]);
  expect(kept.height).toBeGreaterThan(bare.height);
  const inkBelow = (sheet: typeof kept) => sheet.rgba.slice(8 * sheet.width * 4).filter((_, i) => i % 4 === 3 && _ > 0);
  expect(inkBelow(kept)).toHaveLength(0);
  expect(inkBelow(labelled).length).toBeGreaterThan(10);
});
