import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findWebGpu } from './node-gpu.ts';
import { runWgsl } from './wgsl-command.ts';

const named = process.env['VK_ICD_FILENAMES'];
beforeAll(() => {
  // The Vulkan loader then knows of no driver, whatever the machine has.
  process.env['VK_ICD_FILENAMES'] = '/nowhere/icd.json';
});
afterAll(() => {
  if (named === undefined) delete process.env['VK_ICD_FILENAMES'];
  else process.env['VK_ICD_FILENAMES'] = named;
});

const example = (file: string) =>
  fileURLToPath(new URL(`../../../../../examples/custom-wgsl/${file}`, import.meta.url));
const quiet = () => undefined;

test.skipIf(findWebGpu() === undefined || process.platform !== 'linux')(
  'a machine without a GPU is refused with where to get a software one, as no fault of the usage',
  async () => {
    const args = [example('shader.wgsl'), '--manifest', example('manifest.json'), '--input', example('points.npy')];
    const run = runWgsl([...args, '--table', example('lamps.npy'), '--params', '{"reach": 0.05, "lamps": 512}'], {
      terminal: { columns: 80, say: quiet, progress: quiet, tick: quiet, endProgress: quiet },
      env: {},
      json: false,
      signal: new AbortController().signal,
    });
    await expect(run).rejects.toMatchObject({
      code: 'GPU_NOT_FOUND',
      message: expect.stringMatching(/^No GPU was found: .*vk_swiftshader_icd\.json/),
    });
  },
);
