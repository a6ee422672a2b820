import { readFileSync } from 'node:fs';
import { packParts } from '@reckon/protocol/base/named-parts';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KernelCase, testKernel } from '../../../testing/kernel-acceptance.ts';
import { noSoftwareGpu, softwareKernel } from '../../../testing/shader-on-software.ts';
import type { InputFile, UnitInput } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import { customWgslRules } from './rules.ts';

const example = (file: string): InputFile => ({
  fileName: file,
  bytes: Uint8Array.from(readFileSync(new URL(`../../../../../examples/custom-wgsl/${file}`, import.meta.url))),
});
const trimmed = (file: InputFile): InputFile => ({ ...file, bytes: toUtf8(Buffer.from(file.bytes).toString().trim()) });
const floats = (shape: number[], value: (i: number) => number): Uint8Array => {
  const numbers = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i));
  return encodeNpy({ dtype: 'float32', shape, data: new Uint8Array(numbers.buffer) });
};
const file = (bytes: Uint8Array): InputFile => ({ fileName: 'x', bytes });

/** The example's shader in plain TypeScript. */
function lightReference({ params, blobs }: UnitInput): Uint8Array {
  const numbers = (name: string) => toNumbers(decodeNpy(name, blobs.get(name) as Uint8Array));
  const [points, lamps] = [numbers('data'), numbers('table')];
  const { rows } = JSON.parse(params) as { rows: number };
  const reach = new DataView((blobs.get('params') as Uint8Array).slice().buffer).getFloat32(0, true);
  const at = (of: ArrayLike<number>, i: number): number => of[i] as number;
  const away = (row: number, lamp: number): number =>
    Math.hypot(at(points, 2 * row) - at(lamps, 2 * lamp), at(points, 2 * row + 1) - at(lamps, 2 * lamp + 1));
  const distances = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: 512 }, (__, lamp) => away(row, lamp)),
  );
  const light = distances.map((row) => row.reduce((sum, d) => sum + 1 / (1 + (d / reach) ** 2), 0));
  return packParts([
    { name: 'nearest', bytes: floats([rows], (row) => Math.min(...(distances[row] as number[]))) },
    { name: 'light', bytes: floats([rows], (row) => light[row] as number) },
  ]);
}

const inputs = new Map<string, InputFile>([
  ['shader', trimmed(example('shader.wgsl'))],
  ['manifest', trimmed(example('manifest.json'))],
  ['data', file(floats([101, 2], (i) => ((i * 7919) % 1009) / 1009))],
  ['table', example('lamps.npy')],
]);
const params = { rows: 37, params: '[0.05, 512]', seconds: 2 };

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  testKernel('custom-wgsl', async (): Promise<KernelCase> => {
    const outputs = [{ name: 'nearest', type: 'f32', per: 'row', shape: [] }];
    const unit = { rows: 37, firstRow: 0, outputs, within: { absolute: 1e-4, relative: 1e-3 } };
    return {
      rules: customWgslRules,
      kernel: await softwareKernel(),
      params,
      inputs,
      reference: lightReference,
      badParams: [
        { ...params, rows: 0 },
        { ...params, rows: 1.5 },
        { ...params, rows: '37' },
        { ...params, units: 5000 },
        { ...params, seconds: 51 },
        ...[
          '',
          '[]',
          '[1]',
          '[1,2,3]',
          '{"reach":1}',
          '{"reach":1,"lamp":2}',
          '["a",2]',
          '[1,2',
          '[1,-2]',
          '[1e39,2]',
          '7',
        ].map((text) => ({ ...params, params: text })),
      ],
      badUnitParams: [
        // Another list of outputs, and another tolerance, than the manifest's.
        JSON.stringify(unit),
        JSON.stringify({ ...unit, rows: 0 }),
        JSON.stringify({ ...unit, rows: 2 ** 25 }),
        JSON.stringify({ ...unit, within: undefined }),
        JSON.stringify({ ...unit, within: { absolute: 0, relative: 0 } }),
        JSON.stringify({ ...unit, outputs: [] }),
        JSON.stringify({ ...unit, outputs: [{ ...outputs[0], name: '../x' }] }),
      ],
    };
  });
});

describe('cutting', () => {
  const paramsOf = (text: string) => JSON.parse(text) as { rows: number; firstRow: number };

  test('every row is in one unit, in order, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 100 }), (total, rows) => {
        const data = file(floats([total, 2], (i) => i));
        const plan = customWgslRules.split({ ...params, rows }, new Map([...inputs, ['data', data]]));
        if (plan instanceof Promise) throw new Error('split is synchronous');
        const seen = plan.units.flatMap(({ params: text, blobs }) => {
          const unit = paramsOf(text);
          const tensor = decodeNpy('data', blobs[0]?.bytes as Uint8Array);
          expect(tensor.shape).toEqual([unit.rows, 2]);
          expect(toNumbers(tensor)[0]).toBe(unit.firstRow * 2);
          return Array.from({ length: unit.rows }, (_, i) => unit.firstRow + i);
        });
        expect(seen).toEqual(Array.from({ length: total }, (_, i) => i));
      }),
    );
  });

  test('without data, rows are numbered', async () => {
    const plan = await customWgslRules.split({ rows: 1000, units: 3 }, numbered());
    expect(plan.units.map(({ params: text }) => paramsOf(text).firstRow)).toEqual([0, 1000, 2000]);
    expect(plan.units.every(({ blobs }) => blobs.length === 0)).toBe(true);
    expect(plan.shared.map(({ name }) => name)).toEqual(['shader', 'manifest']);
  });

  test.each<[string, Record<string, unknown>, Map<string, InputFile>, object]>([
    ['no shader', params, without('shader'), { code: 'KERNEL_INPUT_MISSING', details: { input: 'shader' } }],
    ['no manifest', params, without('manifest'), { code: 'KERNEL_INPUT_MISSING', details: { input: 'manifest' } }],
    ['no data', params, without('data'), { code: 'KERNEL_INPUT_MISSING', details: { input: 'data' } }],
    ['no table', params, without('table'), { code: 'KERNEL_INPUT_MISSING', details: { input: 'table' } }],
    [
      'data that nothing reads',
      {},
      numbered(['data', file(floats([4, 2], Number))]),
      { code: 'SHADER_MANIFEST_INVALID' },
    ],
    ['numbers that nothing reads', { params: '[1]' }, numbered(), { details: { path: 'params' } }],
    ['rows of other dimensions', params, changed('data', floats([8, 3], Number)), { code: 'TENSOR_SHAPE' }],
    ['no rows', params, changed('data', floats([0, 2], Number)), { code: 'TENSOR_SHAPE' }],
    ['a single number', params, changed('data', floats([], Number)), { code: 'TENSOR_SHAPE' }],
    ['a table of other size', params, changed('table', floats([511, 2], Number)), { code: 'TENSOR_SHAPE' }],
    [
      'whole numbers for floats',
      params,
      changed('data', encodeNpy({ dtype: 'int32', shape: [1, 2], data: new Uint8Array(8) })),
      { code: 'TENSOR_TYPE', details: { expected: 'float32', received: 'int32' } },
    ],
    ['no tensor', params, changed('data', toUtf8('hello')), { code: 'TENSOR_INVALID' }],
    ['more rows than a u32 counts', { rows: 16_777_216, units: 300 }, numbered(), { details: { path: 'units' } }],
    ['a result over the limit', { rows: 16_777_216, units: 1 }, numbered(), { details: { path: 'rows' } }],
    [
      'too many units',
      { ...params, rows: 1 },
      changed('data', floats([5000, 2], Number)),
      { details: { path: 'rows' } },
    ],
  ])('%s is refused', async (_, job, files, error) => {
    await expect(async () => customWgslRules.split(job, files)).rejects.toMatchObject(error);
  });
});

describe('agreement', () => {
  const outputs = [
    { name: 'y', type: 'f32', per: 'row', shape: [] },
    { name: 'n', type: 'u32', per: 'unit', shape: [] },
  ];
  const unit = JSON.stringify({ rows: 2, firstRow: 0, outputs, within: { absolute: 1e-3, relative: 0.01 } });
  const result = (y: [number, number], n: number) =>
    packParts([
      { name: 'y', bytes: floats([2], (i) => y[i] as number) },
      { name: 'n', bytes: encodeNpy({ dtype: 'uint32', shape: [1], data: new Uint8Array(Uint32Array.of(n).buffer) }) },
    ]);

  test('floats agree within the unit’s tolerance, whole numbers when they are equal', () => {
    const base = result([100, 0], 7);
    expect(customWgslRules.inspect(unit, base)).toBeUndefined();
    expect(customWgslRules.agree(base, result([100.9, 0.0009], 7), unit)).toBe(true);
    expect(customWgslRules.agree(base, result([101.2, 0], 7), unit)).toBe(false);
    expect(customWgslRules.agree(base, result([100, 0.0011], 7), unit)).toBe(false);
    expect(customWgslRules.agree(base, result([100, 0], 8), unit)).toBe(false);
  });

  test('a NaN agrees with any NaN, an infinity with itself alone', () => {
    const [nan, infinite] = [result([Number.NaN, 0], 7), result([Number.POSITIVE_INFINITY, 0], 7)];
    const other = nan.slice();
    // Another payload, and the sign.
    const at = other.findIndex((byte, i) => byte === 0xc0 && other[i + 1] === 0x7f);
    other.set([0x01, 0x00, 0xc0, 0xff], at - 2);
    expect(other).not.toEqual(nan);
    expect(customWgslRules.agree(nan, other, unit)).toBe(true);
    expect(customWgslRules.agree(infinite, infinite, unit)).toBe(true);
    expect(customWgslRules.agree(infinite, nan, unit)).toBe(false);
    expect(customWgslRules.agree(infinite, result([Number.NEGATIVE_INFINITY, 0], 7), unit)).toBe(false);
    expect(customWgslRules.agree(infinite, result([3e38, 0], 7), unit)).toBe(false);
  });

  test('agreement goes both ways, and nothing of a stranger’s makes it throw', () => {
    const value = fc.oneof(fc.float(), fc.constantFrom(0, 1, 1.005, 1.02, -0));
    const results = fc.oneof(
      fc.tuple(value, value, fc.nat(3)).map(([a, b, n]) => result([a, b], n)),
      fc.uint8Array({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(results, results, fc.oneof(fc.constant(unit), fc.string()), (a, b, text) => {
        expect(customWgslRules.agree(a, b, text)).toBe(customWgslRules.agree(b, a, text));
        customWgslRules.inspect(text, a);
      }),
    );
  });

  test('what is one for each unit is put together unit by unit', () => {
    const stage = JSON.stringify({ rows: 2, total: 6, outputs });
    const files = customWgslRules.merge(stage, [result([1, 2], 5), undefined, result([3, 4], 9)]);
    const read = (at: number) => decodeNpy('x', files[at]?.bytes as Uint8Array);
    expect(files.map(({ name }) => name)).toEqual(['y.npy', 'n.npy', 'missing-rows.csv']);
    expect([...(toNumbers(read(0)) as Float32Array)]).toEqual([1, 2, Number.NaN, Number.NaN, 3, 4]);
    expect([...(toNumbers(read(1)) as Uint32Array)]).toEqual([5, 0, 9]);
  });
});

test('the relay is told what it would refuse', () => {
  const shared = (manifest: Uint8Array) => new Map([...bytesOf(numbered()), ['manifest', manifest] as const]);
  const { manifest } = Object.fromEntries(bytesOf(numbered())) as { manifest: Uint8Array };
  expect(() => customWgslRules.admit?.(shared(manifest))).not.toThrow();
  expect(() => customWgslRules.admit?.(shared(manifest.slice(1)))).toThrow(/manifest/);
  expect(() => customWgslRules.admit?.(new Map())).toThrow(/needs the input "shader"/);
});

test('a unit is described in words', () => {
  const outputs = [{ name: 'y', type: 'u32', per: 'row', shape: [] }];
  const unit = JSON.stringify({ rows: 10, firstRow: 20, outputs });
  expect(customWgslRules.preview?.(unit, new Map())).toEqual({
    kind: 'text',
    text: 'rows 20 to 29 through a shader that the requester wrote, giving y',
  });
});

const bytesOf = (files: ReadonlyMap<string, InputFile>) =>
  [...files].map(([name, { bytes }]): [string, Uint8Array] => [name, bytes]);
function without(name: string): Map<string, InputFile> {
  return new Map([...inputs].filter(([key]) => key !== name));
}
function changed(name: string, bytes: Uint8Array): Map<string, InputFile> {
  return new Map([...inputs, [name, file(bytes)]]);
}
/** A shader without any input. */
function numbered(...more: [string, InputFile][]): Map<string, InputFile> {
  const shader = `@group(0) @binding(0) var<storage, read_write> y: array<u32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { y[span.first + id.x] = 1u; }`;
  const manifest = {
    entryPoint: 'main',
    workgroupSize: [64, 1, 1],
    bindings: [{ from: 'output', binding: 0, name: 'y', type: 'u32' }],
  };
  return new Map([['shader', file(toUtf8(shader))], ['manifest', file(toUtf8(JSON.stringify(manifest)))], ...more]);
}
