import { packParts, unpackParts } from '@reckon/protocol/base/named-parts';
import { expect, test } from 'vitest';
import { digitModel, patterns } from '../../../testing/digit-model.ts';
import { testKernel } from '../../../testing/kernel-acceptance.ts';
import type { UnitInput } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type Tensor, toNumbers } from '../../tensor/tensor.ts';
import { onnxReference } from './reference.ts';
import { onnxRules } from './rules.ts';
import { onnxKernel } from './run.ts';

async function referenceBytes({ blobs }: UnitInput): Promise<Uint8Array> {
  const images = decodeNpy('images', blobs.get('images') as Uint8Array);
  const outputs = await onnxReference(blobs.get('model') as Uint8Array, new Map([['images', images]]));
  return packParts([...outputs].map(([name, tensor]) => ({ name, bytes: encodeNpy(tensor) })));
}

const inputs = new Map([
  ['model', { fileName: 'digits.onnx', bytes: digitModel() }],
  ['images', { fileName: 'images.npy', bytes: encodeNpy(patterns(7)) }],
]);

testKernel('onnx', () => ({
  rules: onnxRules,
  kernel: onnxKernel,
  params: { batch: 3 },
  inputs,
  reference: referenceBytes,
  badParams: [{ batch: 0 }, { batch: 1025 }, { batch: 2.5 }, { batch: 'all' }],
  badUnitParams: ['{"rows":0,"outputs":[]}', '{"rows":3}', '{"rows":3,"outputs":[{"name":1}]}'],
}));

test('rows are cut into units of a batch; the model is shared', async () => {
  const plan = await onnxRules.split({ batch: 3 }, inputs);
  expect(plan.shared.map(({ name }) => name)).toEqual(['model']);
  const shapes = plan.units.map(({ blobs: [images] }) => decodeNpy('images', images?.bytes as Uint8Array).shape[0]);
  expect(shapes).toEqual([3, 3, 1]);
  expect(plan.units[2]?.params).toBe('{"rows":1,"outputs":[{"name":"probabilities","dtype":"float32","tail":[10]}]}');
});

test('merging gives the outputs by row, and the predictions as text', async () => {
  const plan = await onnxRules.split({ batch: 3 }, inputs);
  const results = await Promise.all(
    plan.units.map(({ params, blobs: [images] }) =>
      referenceBytes({
        params,
        blobs: new Map([
          ['model', digitModel()],
          ['images', images?.bytes as Uint8Array],
        ]),
      }),
    ),
  );
  const files = onnxRules.merge(plan.stageParams, results);
  expect(files.map(({ name }) => name)).toEqual(['probabilities.npy', 'predictions.csv']);
  const merged = decodeNpy('probabilities', files[0]?.bytes as Uint8Array);
  expect(merged.shape).toEqual([7, 10]);
  const scores = Array.from(toNumbers(merged));
  const lines = Buffer.from(files[1]?.bytes as Uint8Array)
    .toString()
    .trim()
    .split('\n');
  expect(lines[0]).toBe('row,class,score');
  const [row, digit, score] = (lines[7] as string).split(',').map(Number);
  const last = scores.slice(60);
  expect([row, digit]).toEqual([6, last.indexOf(Math.max(...last))]);
  expect(score).toBeCloseTo(Math.max(...last), 5);

  const partial = onnxRules.merge(plan.stageParams, [results[0], undefined, results[2]]);
  const known = Buffer.from(partial[1]?.bytes as Uint8Array)
    .toString()
    .trim()
    .split('\n')
    .slice(1);
  expect(known.map((line) => Number(line.split(',')[0]))).toEqual([0, 1, 2, 6]);
  expect(toNumbers(decodeNpy('p', partial[0]?.bytes as Uint8Array))[35]).toBeNaN();
  expect(partial[2]?.name).toBe('missing-rows.csv');
});

test('results within the tolerance agree and others do not', async () => {
  const result = (change: number): Uint8Array => {
    const data = new Uint8Array(Float32Array.of(0.25, 0.75 + change).buffer);
    return packParts([{ name: 'p', bytes: encodeNpy({ dtype: 'float32', shape: [1, 2], data }) }]);
  };
  expect(onnxRules.agree(result(0), result(0.0008), '')).toBe(true);
  expect(onnxRules.agree(result(0), result(0.0009), '')).toBe(false);
  expect(onnxRules.agree(result(0), result(Number.NaN), '')).toBe(false);
  const [part] = unpackParts(result(0));
  const renamed = packParts([{ name: 'q', bytes: (part as { bytes: Uint8Array }).bytes }]);
  expect(onnxRules.agree(result(0), renamed, '')).toBe(false);
});

test('another output shape or name than the unit asks for is not well-formed', () => {
  const params = '{"rows":1,"outputs":[{"name":"p","dtype":"float32","tail":[2]}]}';
  const result = (name: string, tensor: Tensor) => packParts([{ name, bytes: encodeNpy(tensor) }]);
  const data = new Uint8Array(8);
  expect(onnxRules.inspect(params, result('p', { dtype: 'float32', shape: [1, 2], data }))).toBeUndefined();
  expect(onnxRules.inspect(params, result('q', { dtype: 'float32', shape: [1, 2], data }))).toMatch(/outputs p, got q/);
  expect(onnxRules.inspect(params, result('p', { dtype: 'float32', shape: [2, 1], data }))).toMatch(
    /got float32 \[2, 1\]/,
  );
  expect(onnxRules.inspect(params, result('p', { dtype: 'int32', shape: [1, 2], data }))).toMatch(/got int32/);
});
