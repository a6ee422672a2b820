import { expect, test } from 'vitest';
import { readAnswer, readNotice } from './from-worker.ts';

const output = { bytes: Uint8Array.of(1, 2), device: 'WASM SIMD' };
const pixels = { kind: 'pixels', width: 2, height: 1, rgba: new Uint8ClampedArray(8) };

test.each([
  { ok: true, output, computeMs: 0.5 },
  {
    ok: true,
    output: { ...output, certificate: new Uint8Array(3), fellBack: 'no GPU', memoryBytes: 65536 },
    computeMs: 0,
  },
  { ok: false, error: { code: 'KERNEL_THREW', details: { kernel: 'a@1.0.0', cause: 'b' } } },
])('the answer %j is one', (answer) => {
  expect(readAnswer(answer)).toEqual(answer);
});

test.each([
  undefined,
  null,
  'yes',
  {},
  { ok: true },
  { ok: true, output: { ...output, bytes: [1, 2] }, computeMs: 1 },
  { ok: true, output: { ...output, bytes: new ArrayBuffer(2) }, computeMs: 1 },
  { ok: true, output: { ...output, device: 'x'.repeat(20_001) }, computeMs: 1 },
  { ok: true, output: { ...output, more: 1 }, computeMs: 1 },
  { ok: true, output, computeMs: Number.NaN },
  { ok: true, output, computeMs: Infinity },
  { ok: true, output, computeMs: -1 },
  { ok: false, error: { code: 'x'.repeat(65), details: {} } },
  { ok: false, error: { code: 'KERNEL_THREW', details: { kernel: { toString: 'a' } } } },
])('the answer %j is none', (answer) => {
  expect(readAnswer(answer)).toBeUndefined();
});

test.each([
  { notice: 'progress', fraction: 0 },
  { notice: 'progress', fraction: 1, preview: { kind: 'text', text: 'half' } },
  {
    notice: 'progress',
    fraction: 0.5,
    preview: { ...pixels, x: 3, y: 4, totalWidth: 9, totalHeight: 9, caption: 'c' },
  },
  { notice: 'gpu-lost', reason: 'reset', barred: true },
])('the notice %j is one', (notice) => {
  expect(readNotice(notice)).toEqual(notice);
});

test.each([
  { notice: 'progress' },
  { notice: 'progress', fraction: 2 },
  { notice: 'progress', fraction: Number.NaN },
  { notice: 'progress', fraction: 0.5, preview: { ...pixels, width: 3 } },
  { notice: 'progress', fraction: 0.5, preview: { ...pixels, width: -2, height: -1 } },
  { notice: 'progress', fraction: 0.5, preview: { ...pixels, rgba: new Uint8Array(8) } },
  // A canvas throws over such a picture.
  { notice: 'progress', fraction: 0.5, preview: { ...pixels, width: 0, height: 0, rgba: new Uint8ClampedArray() } },
  { notice: 'progress', fraction: 0.5, preview: { ...pixels, height: 0, rgba: new Uint8ClampedArray() } },
  { notice: 'progress', fraction: 0.5, preview: { ...pixels, totalWidth: 0 } },
  { notice: 'progress', fraction: 0.5, preview: { ...pixels, x: 2 ** 50 } },
  { notice: 'progress', fraction: 0.5, preview: { kind: 'html', text: '<b>' } },
  { notice: 'gpu-lost', reason: 'x'.repeat(20_001), barred: true },
  { notice: 'paid', credits: 1 },
])('the notice %j is none', (notice) => {
  expect(readNotice(notice)).toBeUndefined();
});
