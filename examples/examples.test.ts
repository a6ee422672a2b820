import { readFileSync } from 'node:fs';
import type { InputFile } from '@reckon/kernels/kernel';
import { kernelRules } from '@reckon/kernels/rules';
import { JobFile } from '@reckon/protocol/model/job-file';
import { parse } from '@reckon/protocol/base/parse';
import { expect, test } from 'vitest';
import { seededRandom } from '../scripts/train-digits/random.ts';
import { drawDigit } from './digits/draw.ts';

const read = (path: string) => Uint8Array.from(readFileSync(new URL(path, import.meta.url)));

test.each([
  ['digits', 10],
  ['mandelbrot', 24],
  ['matmul', 8],
  ['matmul-f32', 8],
  ['monte-carlo', 64],
  ['hash-search', 8],
  ['custom-wgsl', 8],
  ['custom-wasm', 20],
  ['n-body', 8],
  ['render', 48],
])('the %s job is cut into %i units and verified as its kernel allows', async (example, units) => {
  const job = parse(JobFile, JSON.parse(Buffer.from(read(`${example}/job.json`)).toString()));
  for (const stage of job.stages) {
    expect(kernelRules(stage.kernel).manifest.policies).toContain(stage.verify.kind);
    const inputs = new Map<string, InputFile>(
      Object.entries(stage.inputs).map(([name, fileName]) => [
        name,
        { fileName, bytes: read(`${example}/${fileName}`) },
      ]),
    );
    expect((await kernelRules(stage.kernel).split(stage.params, inputs)).units).toHaveLength(units);
  }
});

test('the first committed digit is what the seed draws', () => {
  const random = seededRandom(1998);
  const labels = Uint32Array.from({ length: 200 }, (_, i) => i % 10);
  random.shuffle(labels);
  const pixels = drawDigit(labels[0] as number, random);
  const data = new Uint8Array(pixels.buffer);
  const header = 128;
  expect(read('digits/images.npy').slice(header, header + data.length)).toEqual(data);
});
