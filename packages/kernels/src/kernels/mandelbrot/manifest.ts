import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { kernelDigests } from '../../digests.generated.ts';

/** A picture of the Mandelbrot set, tile by tile, in f64 arithmetic that gives the same bytes on every engine. */
export const mandelbrotManifest: KernelManifest = {
  id: 'mandelbrot',
  version: '1.0.0',
  digest: kernelDigests['mandelbrot@1.0.0'],
  title: 'Draw the Mandelbrot set',
  summary: 'Draws a picture of the Mandelbrot set, one tile at a time.',
  backends: ['wasm'],
  agreement: { kind: 'exact' },
  policies: ['quorum', 'sample', 'audit'],
  // A tenth of the rows is about where a spoiled picture stops being one; forgeries of fewer rows are mostly not seen.
  chunking: { chunk: 'one row of the tile', leastHarmfulShare: 0.1 },
  inputs: [],
  params: [
    {
      name: 'width',
      kind: 'integer',
      description: 'Width of the picture in pixels.',
      default: 768,
      min: 16,
      max: 4096,
    },
    {
      name: 'height',
      kind: 'integer',
      description: 'Height of the picture in pixels.',
      default: 512,
      min: 16,
      max: 4096,
    },
    {
      name: 'tile',
      kind: 'integer',
      description: 'Side of a tile in pixels; a tile is a unit.',
      default: 128,
      min: 16,
      max: 512,
    },
    { name: 'centerX', kind: 'number', description: 'Real part of the centre.', default: -0.6, min: -2.5, max: 2.5 },
    { name: 'centerY', kind: 'number', description: 'Imaginary part of the centre.', default: 0, min: -2.5, max: 2.5 },
    {
      name: 'scale',
      kind: 'number',
      description: 'Width of the picture in the complex plane.',
      default: 3.2,
      min: 1e-12,
      max: 8,
    },
    {
      name: 'maxIterations',
      kind: 'integer',
      description: 'Steps after which a point counts as inside.',
      default: 1000,
      min: 16,
      max: 20_000,
    },
  ],
  limits: { maxResultBytes: 512 * 512 * 2, maxMemoryBytes: 64 * 1024 * 1024, maxMs: 120_000 },
};
