import { readFileSync } from 'node:fs';
import type { InputFile } from '@reckon/kernels/kernel';
import { decodeNpy } from '@reckon/kernels/tensor/npy';
import { toNumbers } from '@reckon/kernels/tensor/tensor';
import { noSoftwareGpu, softwareGpu } from '@reckon/kernels/testing/software-gpu';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import { beforeAll, describe, expect, test } from 'vitest';
import { runShader } from './run-shader.ts';

const example = (fileName: string): InputFile => ({
  fileName,
  bytes: Uint8Array.from(readFileSync(new URL(`../../../../../examples/custom-wgsl/${fileName}`, import.meta.url))),
});
const inputs = new Map([
  ['shader', example('shader.wgsl')],
  ['manifest', example('manifest.json')],
  ['data', example('points.npy')],
  ['table', example('lamps.npy')],
]);
const params = { rows: 8192, params: '{"reach": 0.05, "lamps": 512}' };
const signal = new AbortController().signal;

test('what is wrong with the files is told before a GPU is looked for', async () => {
  await expect(runShader({ inputs, params: { ...params, params: '[1]' }, check: false, signal })).rejects.toMatchObject(
    {
      code: 'KERNEL_PARAMS_INVALID',
    },
  );
});

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  beforeAll(async () => {
    // Names the software Vulkan and loads its loader, as a person's system has them.
    (await softwareGpu()).device.destroy();
  });

  test('a shader runs as a volunteer would run it, and its outputs are put together', async () => {
    const done: string[] = [];
    const result = await runShader({ inputs, params, check: false, signal, onProgress: (words) => done.push(words) });
    expect(result).toMatchObject({ units: 2, device: expect.stringMatching(/^WebGPU · /) });
    expect(done).toEqual(['unit 1 of 2', 'unit 2 of 2']);
    expect(result.files.map(({ name }) => name)).toEqual(['nearest.npy', 'light.npy']);
    const [nearest] = result.files.map(({ name, bytes }) => decodeNpy(name, bytes));
    expect(nearest?.shape).toEqual([16_384]);
    const lamps = toNumbers(decodeNpy('table', example('lamps.npy').bytes));
    const points = toNumbers(decodeNpy('data', example('points.npy').bytes));
    const away = (row: number) =>
      Math.min(
        ...Array.from({ length: 512 }, (_, i) =>
          Math.hypot(
            (points[2 * row] as number) - (lamps[2 * i] as number),
            (points[2 * row + 1] as number) - (lamps[2 * i + 1] as number),
          ),
        ),
      );
    const numbers = toNumbers(nearest as NonNullable<typeof nearest>);
    for (const row of [0, 8191, 8192, 16_383]) expect(numbers[row]).toBeCloseTo(away(row), 4);
  });

  test('a shader that does not compile is refused with its place', async () => {
    const broken = {
      fileName: 'x',
      bytes: toUtf8(Buffer.from(example('shader.wgsl').bytes).toString().replace('sum +=', 'total +=')),
    };
    const failed = runShader({ inputs: new Map([...inputs, ['shader', broken]]), params, check: false, signal });
    await expect(failed).rejects.toMatchObject({ code: 'SHADER_INVALID', details: { line: 23, column: 5 } });
  });
});
