import type { StageSpec } from '@reckon/protocol/model/job-spec';
import { expect, test, vi } from 'vitest';

// The relay's client reads the page's address when it is made; there is no page here.
vi.stubGlobal('location', { origin: 'http://127.0.0.1:1' });
const { pictureColumns } = await import('./job-data.ts');

const stage = (name: string, params: unknown) =>
  ({ kernel: { name }, params: typeof params === 'string' ? params : JSON.stringify(params) }) as StageSpec;

test('a picture’s field has as many columns as the picture has tiles in a row', () => {
  expect(pictureColumns(stage('mandelbrot@1.0.0', { width: 960, tile: 160 }))).toBe(6);
  expect(pictureColumns(stage('mandelbrot@1.0.0', { width: 970, tile: 160 }))).toBe(7);
  expect(pictureColumns(stage('render@1.0.0', { scene: 'cornell', width: 768, tile: 128 }))).toBe(6);
});

test('other kernels, and parameters that say nothing, leave the field to its width', () => {
  expect(pictureColumns(stage('onnx@1.1.0', { width: 960, tile: 160 }))).toBeUndefined();
  expect(pictureColumns(stage('mandelbrot@1.0.0', '{'))).toBeUndefined();
  expect(pictureColumns(stage('mandelbrot@1.0.0', { width: 'wide' }))).toBeUndefined();
});
