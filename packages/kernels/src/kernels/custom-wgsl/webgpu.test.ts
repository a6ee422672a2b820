import { describe, expect, test } from 'vitest';
import { main, output, runShaderCase as run, Y } from '../../../testing/shader-cases.ts';
import { noSoftwareGpu } from '../../../testing/shader-on-software.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import type { DType } from '../../tensor/tensor.ts';

const npy = (
  dtype: DType,
  shape: number[],
  data: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
) => encodeNpy({ dtype, shape, data: new Uint8Array(data.buffer) });

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
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

  test('loops in functions with a result may be left by return alone', async () => {
    const code = `${Y}struct Pair { a: u32, b: u32 }
fn rooted(n: u32) -> Pair { var i = 0u; loop { if (i * i > n) { return Pair(i, n); } i++; continuing { } } }
${main('y[item] = rooted(item).a;')}`;
    const { y } = await run({ code, bindings: [output('y', 0)] });
    expect(y).toEqual(Array.from({ length: 100 }, (_, i) => Math.floor(Math.sqrt(i)) + 1));
  });
});
