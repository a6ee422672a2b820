import { toUtf8 } from '@reckon/protocol/base/bytes';
import { unpackParts } from '@reckon/protocol/base/named-parts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InputFile } from '../src/kernel.ts';
import { kernelRules } from '../src/rules.ts';
import { decodeNpy } from '../src/tensor/npy.ts';
import { toNumbers } from '../src/tensor/tensor.ts';
import type { PageOutput } from './page-api.ts';
import { openTab, type Tab } from './tab.ts';

/** Requesters' shaders in a real tab: right, wrong, out of bounds, without an end. */

let tab: Tab;
beforeAll(async () => {
  tab = await openTab();
}, 120_000);
afterAll(async () => tab?.close());

const KERNEL = 'custom-wgsl@1.0.0';
const HEAD = '@group(0) @binding(0) var<storage, read_write> y: array<u32>;\n';
const main = (body: string) => `${HEAD}@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = span.first + id.x;
  ${body}
}`;

async function run(
  code: string,
  rows: number,
  more: { backends?: ('webgpu' | 'wasm')[]; maxMs?: number } = {},
): Promise<PageOutput> {
  const manifest = {
    entryPoint: 'main',
    workgroupSize: [64, 1, 1],
    bindings: [{ from: 'output', binding: 0, name: 'y', type: 'u32' }],
  };
  const files = { shader: toUtf8(code), manifest: toUtf8(JSON.stringify(manifest)) };
  const inputs = new Map(
    Object.entries(files).map(([name, bytes]): [string, InputFile] => [name, { fileName: name, bytes }]),
  );
  const plan = await kernelRules(KERNEL).split({ rows, units: 1 }, inputs);
  const blobs = Object.fromEntries(plan.shared.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('base64')]));
  return tab.run({
    worker: 'product',
    kernel: KERNEL,
    params: plan.units[0]?.params as string,
    blobs,
    backends: ['webgpu', 'wasm'],
    ...more,
  });
}

const numbers = (output: PageOutput): number[] => {
  if (!output.ok) throw new Error(`${output.code}: ${output.message}`);
  const [part] = unpackParts(Uint8Array.from(Buffer.from(output.base64, 'base64')));
  return Array.from(toNumbers(decodeNpy('y', part?.bytes as Uint8Array)));
};

const squares = (rows: number) => Array.from({ length: rows }, (_, i) => Math.imul(i, i) >>> 0);
const SQUARE = main('if (id.x < span.count) { y[item] = item * item; }');

test.each([1, 65, 100_003])('%i rows are computed on the GPU, each once', async (rows) => {
  const output = await run(SQUARE, rows);
  expect(output).toMatchObject({ ok: true, device: expect.stringMatching(/^WebGPU · /) });
  expect(numbers(output)).toEqual(squares(rows));
});

test('without a GPU to use, the kernel refuses', async () => {
  expect(await run(SQUARE, 8, { backends: ['wasm'] })).toMatchObject({ ok: false, code: 'DEVICE_UNSUPPORTED' });
});

test('a shader that does not compile is refused with its line, and the next one runs', async () => {
  expect(await run(main('\n\n  y[item] = nothing;'), 8)).toMatchObject({
    ok: false,
    code: 'SHADER_INVALID',
    message: expect.stringMatching(/line 6, column 13: .*nothing/),
  });
  expect(numbers(await run(SQUARE, 9))).toEqual(squares(9));
});

test('what is written out of bounds stays in its buffer or is dropped', async () => {
  const values = numbers(await run(main('y[item + 3000000000u] = 5u; if (id.x < span.count) { y[item] = 4u; }'), 500));
  for (const value of values) expect([4, 5]).toContain(value);
});

test('a loop without an end is left, and the unit refused', async () => {
  const endless = main('var i = 1u; while (i != 0u) { i = (i | 1u) + 2u; y[0] = i; }');
  expect(await run(endless, 64)).toMatchObject({
    ok: false,
    code: 'SHADER_INVALID',
    message: expect.stringMatching(/more than 16777216 words of work/),
  });
  expect(numbers(await run(SQUARE, 10))).toEqual(squares(10));
});

test('a unit that would take for hours is stopped at its deadline, and the next runs on a fresh worker', async () => {
  const long = main('for (var i = 0u; i < 300000u; i++) { y[item] += i; }');
  expect(await run(long, 10_000_000, { maxMs: 2000 })).toMatchObject({ ok: false, code: 'KERNEL_TIMEOUT' });
  expect(numbers(await run(SQUARE, 77))).toEqual(squares(77));
}, 60_000);
