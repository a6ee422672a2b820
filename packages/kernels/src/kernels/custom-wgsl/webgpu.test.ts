import { toUtf8 } from '@reckon/protocol/base/bytes';
import { unpackParts } from '@reckon/protocol/base/named-parts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { noSoftwareGpu, softwareKernel } from '../../../testing/shader-on-software.ts';
import type { InputFile, RunContext } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type DType, toNumbers } from '../../tensor/tensor.ts';
import { customWgslRules } from './rules.ts';

type Binding = Record<string, unknown>;
const output = (name: string, binding: number, more: Binding = {}) => ({
  from: 'output',
  binding,
  name,
  type: 'u32',
  ...more,
});
const npy = (
  dtype: DType,
  shape: number[],
  data: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
) => encodeNpy({ dtype, shape, data: new Uint8Array(data.buffer) });

interface Case {
  code: string;
  bindings: Binding[];
  manifest?: Binding;
  params?: Record<string, unknown>;
  files?: Record<string, Uint8Array>;
  on?: Partial<RunContext>;
}

/** Splits a job of a shader, runs its units, and gives each output's numbers, put together. */
async function run({
  code,
  bindings,
  manifest,
  params = {},
  files = {},
  on = {},
}: Case): Promise<Record<string, number[]>> {
  const text = JSON.stringify({ entryPoint: 'main', workgroupSize: [64, 1, 1], bindings, ...manifest });
  const bytes = { shader: toUtf8(code), manifest: toUtf8(text), ...files };
  const inputs = new Map(
    Object.entries(bytes).map(([name, file]): [string, InputFile] => [name, { fileName: name, bytes: file }]),
  );
  const plan = await customWgslRules.split({ rows: 100, units: 1, ...params }, inputs);
  const kernel = await softwareKernel();
  const results: Uint8Array[] = [];
  for (const unit of plan.units) {
    const blobs = new Map([...plan.shared, ...unit.blobs].map((part) => [part.name, part.bytes]));
    const result = await kernel.run({ params: unit.params, blobs }, context({ backend: 'webgpu', ...on }));
    expect(customWgslRules.inspect(unit.params, result.bytes)).toBeUndefined();
    expect(unpackParts(result.bytes).length).toBe(bindings.filter(({ from }) => from === 'output').length);
    results.push(result.bytes);
  }
  return Object.fromEntries(
    customWgslRules
      .merge(plan.stageParams, results)
      .map((file) => [file.name.replace('.npy', ''), Array.from(toNumbers(decodeNpy(file.name, file.bytes)))]),
  );
}

const main = (body: string, size = '64') =>
  `@compute @workgroup_size(${size}) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= span.count) { return; }
  let item = span.first + id.x;
  ${body}
}`;
const Y = '@group(0) @binding(0) var<storage, read_write> y: array<u32>;\n';

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  afterEach(() => vi.restoreAllMocks());

  test.each([1, 2, 63, 64, 65, 127, 1009, 20_000])('%i rows are each done once, whatever the bands', async (rows) => {
    const code = Y + main('y[item] += (span.firstRow + item) * 3u + 1u;');
    const { y } = await run({ code, bindings: [output('y', 0)], params: { rows, units: 2 } });
    expect(y).toEqual(Array.from({ length: rows * 2 }, (_, i) => i * 3 + 1));
  });

  test('a shader is told where its dispatch and its unit begin', async () => {
    const code = `${Y}${main('let at = item * 4u; y[at] = item; y[at + 1u] = span.rows; y[at + 2u] = span.firstRow; y[at + 3u] = u32(span.first + span.count > item && span.first <= item);')}`;
    const { y } = await run({ code, bindings: [output('y', 0, { shape: [4] })], params: { rows: 70, units: 2 } });
    const expected = Array.from({ length: 140 }, (_, i) => [i % 70, 70, i < 70 ? 0 : 70, 1]);
    expect(y).toEqual(expected.flat());
  });

  test('data, a table and numbers of all types arrive as they were given', async () => {
    const code = `struct C { scale: f32, shift: i32, mask: u32 }
@group(0) @binding(4) var<uniform> c: C;
@group(0) @binding(1) var<storage, read> data: array<vec2i>;
@group(0) @binding(9) var<storage> table: array<u32, 3>;
@group(0) @binding(0) var<storage, read_write> whole: array<i32>;
@group(0) @binding(7) var<storage, read_write> part: array<f32>;
${main('whole[item] = data[item].x - data[item].y + c.shift; part[item] = c.scale * f32(table[item % 3u] & c.mask);')}`;
    const bindings = [
      {
        from: 'params',
        binding: 4,
        fields: [
          { name: 'scale', type: 'f32' },
          { name: 'shift', type: 'i32' },
          { name: 'mask', type: 'u32' },
        ],
      },
      { from: 'data', binding: 1, type: 'i32', shape: [2] },
      { from: 'table', binding: 9, type: 'u32', shape: [3] },
      output('whole', 0, { type: 'i32' }),
      output('part', 7, { type: 'f32' }),
    ];
    const { whole, part } = await run({
      code,
      bindings,
      manifest: { within: { absolute: 1e-6, relative: 1e-6 } },
      params: { rows: 3, params: '{"mask": 4294967040, "shift": -7, "scale": 0.5}' },
      files: {
        data: npy('int32', [5, 2], Int32Array.of(1, 2, -3, 4, 5, -6, 7, 8, 2 ** 31 - 1, 0)),
        table: npy('uint32', [3], Uint32Array.of(0xff, 0x1ff, 0x2ff)),
      },
    });
    expect(whole).toEqual([-8, -14, 4, -8, 2 ** 31 - 8]);
    // The rows of the second unit begin with the table's first number again.
    expect(part).toEqual([0, 128, 256, 0, 128]);
  });

  test('one output for each unit, by atomics, beside one for each row', async () => {
    const code = `@group(0) @binding(0) var<storage, read_write> even: atomic<u32>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
${main('y[item] = item; if ((span.firstRow + item) % 2u == 0u) { atomicAdd(&even, 1u); }')}`;
    const bindings = [output('even', 0, { per: 'unit' }), output('y', 1)];
    const { even, y } = await run({ code, bindings, params: { rows: 101, units: 3 } });
    expect(even).toEqual([51, 50, 51]);
    expect(y?.length).toBe(303);
  });

  test('several items a row, or a workgroup for each item', async () => {
    const many = await run({
      code: Y + main('y[item] = item;'),
      bindings: [output('y', 0, { shape: [10, 3] })],
      manifest: { items: { per: 'row', count: 30 } },
      params: { rows: 7 },
    });
    expect(many['y']).toEqual(Array.from({ length: 210 }, (_, i) => i));
    const groups = await run({
      code: `${Y}var<workgroup> sum: atomic<u32>;
@compute @workgroup_size(8, 4) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) at: u32) {
  atomicAdd(&sum, at);
  workgroupBarrier();
  if (at == 0u) { y[span.first + group.x] = atomicLoad(&sum) + span.first + group.x; }
}`,
      bindings: [output('y', 0)],
      manifest: { workgroupSize: [8, 4, 1], itemsPerWorkgroup: 1 },
      params: { rows: 50 },
    });
    expect(groups['y']).toEqual(Array.from({ length: 50 }, (_, i) => 496 + i));
  });

  test('outputs begin as zeros, whatever a unit before left', async () => {
    const bindings = [output('y', 0)];
    await run({ code: Y + main('y[item] = 0xdeadbeefu;'), bindings, params: { rows: 5000 } });
    const { y } = await run({ code: Y + main('if (item == 1u) { y[0] = 5u; }'), bindings, params: { rows: 5000 } });
    expect(y).toEqual(Array.from({ length: 5000 }, (_, i) => (i === 0 ? 5 : 0)));
  });

  test('what is read or written out of bounds touches nothing else', async () => {
    const code = `@group(0) @binding(0) var<storage, read> data: array<u32>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
@group(0) @binding(2) var<storage, read_write> z: array<u32>;
${main('y[item + 1000000000u] = 7u; z[item] = data[item + 4000000000u]; y[item & 0xfffffffcu] = 9u;')}`;
    const bindings = [{ from: 'data', binding: 0, type: 'u32' }, output('y', 1), output('z', 2)];
    const data = npy('uint32', [8], Uint32Array.of(11, 12, 13, 14, 15, 16, 17, 18));
    const { y, z } = await run({ code, bindings, files: { data } });
    // An implementation may clamp an index or drop the access: a write lands in its own buffer or nowhere.
    expect(y?.slice(0, 4)).toEqual([9, 0, 0, 0]);
    for (const value of y ?? []) expect([0, 7, 9]).toContain(value);
    for (const value of z ?? []) expect([0, 11, 12, 13, 14, 15, 16, 17, 18]).toContain(value);
  });

  test('NaN and infinity come back as they are, and agree with themselves', async () => {
    const code = `@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
${main('y[item] = x[item];')}`;
    const bindings = [{ from: 'data', binding: 0, type: 'f32' }, output('y', 1, { type: 'f32' })];
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1];
    const files = { data: npy('float32', [4], Float32Array.from(values)) };
    const { y } = await run({ code, bindings, files, manifest: { within: { absolute: 1e-6, relative: 1e-6 } } });
    expect(y).toEqual(values);
  });

  test.each<[string, string, number, RegExp]>([
    ['an unresolved name', main('\n  y[item] = nope;'), 6, /nope/],
    ['a wrong type', main('y[item] = 1.5;'), 5, /f32|abstract-float/],
    ['an index into a number', main('y[item] = item[0];'), 5, /index/],
    ['a word behind a loop’s brace', main('while (item > 0u) { y[item] = 1u; nope(); }'), 5, /nope/],
    ['a missing brace', main('y[item] = 1u;').slice(0, -1), 6, /unexpected|missing|expected/i],
    ['a type of the host’s, used wrong', main('y[item] = span;'), 5, /ReckonSpan/],
  ])('%s is refused with the line of the requester’s own text', async (_, code, line, cause) => {
    const failed = run({ code: Y + code, bindings: [output('y', 0)] });
    await expect(failed).rejects.toMatchObject({
      code: 'SHADER_INVALID',
      details: { shader: 'shader', line, cause: expect.stringMatching(cause) },
    });
  });

  test.each<[string, string, Binding[]]>([
    [
      'a buffer shorter than its type',
      `@group(0) @binding(0) var<storage, read_write> y: array<u32, 4000>;\n${main('y[item] = 1u;')}`,
      [output('y', 0)],
    ],
    [
      'a uniform longer than its numbers',
      `struct C { a: vec4f, b: mat4x4f }
@group(0) @binding(1) var<uniform> c: C;\n${Y}${main('y[item] = u32(c.b[3][3]);')}`,
      [output('y', 0), { from: 'params', binding: 1, fields: [{ name: 'a', type: 'f32' }] }],
    ],
  ])('%s is refused before anything is computed', async (_, code, bindings) => {
    const failed = run({ code, bindings, params: bindings.length === 2 ? { params: '[1]' } : {} });
    await expect(failed).rejects.toMatchObject({ code: 'SHADER_INVALID', details: { line: 0 } });
    const { y } = await run({ code: Y + main('y[item] = 1u;'), bindings: [output('y', 0)] });
    expect(y?.every((value) => value === 1)).toBe(true);
  });

  test('the column is that of the requester’s own text, behind a count too', async () => {
    const line = 'loop { y[item] = 1u; for (var i = 0u; i < 3u; i++) { break; } nope(); }';
    await expect(run({ code: Y + main(line), bindings: [output('y', 0)] })).rejects.toMatchObject({
      details: { line: 5, column: 3 + line.indexOf('nope') },
    });
  });

  test.each([
    ['loop', 'loop { y[item]++; }'],
    ['for', 'for (;;) { y[item]++; }'],
    ['while, in hiding', 'var i = 1u; while (i != 0u) { i = (i | 1u) + 2u; } y[item] = i;'],
    ['loops in loops', 'for (var i = 0u; i < 65536u; i++) { for (var j = 0u; j < 65536u; j++) { y[item]++; } }'],
    ['a function’s', 'y[item] = endless();'],
    ['one with a barrier', 'loop { workgroupBarrier(); y[item]++; }'],
    [
      'one with and one without',
      'for (var k = 0u; k < 65536u; k++) { workgroupBarrier(); for (var j = 0u; j < 65536u; j++) { y[item]++; } }',
    ],
  ])('a loop without an end is left, and the unit refused: %s', async (_, body) => {
    const code = `${Y}fn endless() -> u32 { var i = 1u; loop { i += 2u; if (i == 0u) { break; } } return i; }
@compute @workgroup_size(1) fn main() { let item = span.first; ${body} }`;
    const manifest = { workgroupSize: [1, 1, 1] };
    await expect(run({ code, bindings: [output('y', 0)], manifest, params: { rows: 1 } })).rejects.toMatchObject({
      code: 'SHADER_INVALID',
      details: { line: 0, cause: expect.stringMatching(/more than 1048576 turns/) },
    });
  });

  test('loops with barriers are counted in step, so that tiles in workgroup memory compile', async () => {
    const code = `${Y}var<workgroup> tile: array<u32, 64>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) at: u32) {
  var sum = 0u;
  for (var t = 0u; t < 5u; t++) {
    tile[at] = t * 64u + at;
    workgroupBarrier();
    for (var i = 0u; i <= at; i++) { sum += tile[i]; }
    workgroupBarrier();
  }
  if (id.x < span.count) { y[span.first + id.x] = sum; }
}`;
    const { y } = await run({ code, bindings: [output('y', 0)] });
    const expected = (at: number) =>
      [0, 1, 2, 3, 4].reduce((sum, t) => sum + t * 64 * (at + 1) + (at * (at + 1)) / 2, 0);
    expect(y).toEqual(Array.from({ length: 100 }, (_, i) => expected(i % 64)));
  });

  test('more workgroup memory than the device has is refused by the device', async () => {
    const code = `${Y}var<workgroup> big: array<u32, 1000000>;\n${main('big[id.x] = 1u; y[item] = big[id.x];')}`;
    await expect(run({ code, bindings: [output('y', 0)] })).rejects.toMatchObject({ code: 'SHADER_INVALID' });
  });

  test('a run that is aborted between two bands stops there', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const progress = vi.fn(() => stop.abort(reason));
    const code = Y + main('y[item] = 1u;');
    const aborted = run({
      code,
      bindings: [output('y', 0)],
      params: { rows: 1_000_000 },
      on: { signal: stop.signal, progress },
    });
    await expect(aborted).rejects.toBe(reason);
    expect(progress.mock.calls.length).toBeLessThan(4);
  });
});
