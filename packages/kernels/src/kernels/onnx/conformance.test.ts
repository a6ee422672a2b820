import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import { expect, test } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { tensorsAgree } from '../../tensor/agree.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type DType, dtypeBytes, elementCount, type Tensor } from '../../tensor/tensor.ts';
import { readModel } from './model.ts';
import { loadOnnxProto, toNumber } from './proto.ts';
import { onnxRules } from './rules.ts';
import { onnxKernel } from './run.ts';

/** Cases and topologies of the ONNX project, which are not part of ours: see the data folder's own page. */
const folder = new URL('../../../../../../shared/data/onnx/', import.meta.url);
const casesFolder = new URL('backend-tests/', folder);
const cases = existsSync(casesFolder) ? readdirSync(casesFolder) : [];

const TYPES: Readonly<Record<number, DType>> = { 1: 'float32', 6: 'int32', 7: 'int64', 9: 'bool', 11: 'float64' };
const bytesOf = (url: URL) => Uint8Array.from(readFileSync(url));

async function readTensor(url: URL): Promise<Tensor> {
  const { TensorProto } = await loadOnnxProto();
  const proto = TensorProto.decode(bytesOf(url));
  const dtype = TYPES[proto.dataType ?? 0] as DType;
  const shape = proto.dims.map(toNumber);
  expect(proto.rawData).toHaveLength(elementCount(shape) * dtypeBytes(dtype));
  return { dtype, shape, data: Uint8Array.from(proto.rawData) };
}

/** A job of one unit after the other: what a requester would get. */
async function runJob(
  name: string,
  model: Uint8Array,
  tensors: readonly Tensor[],
  batch: number,
): Promise<NamedPart[]> {
  const { inputs } = await readModel(name, model);
  const files = new Map([['model', { fileName: `${name}.onnx`, bytes: model }]]);
  for (const [i, { name: input }] of inputs.entries()) {
    files.set(input, { fileName: `${i}.npy`, bytes: encodeNpy(tensors[i] as Tensor) });
  }
  const plan = await onnxRules.split({ batch }, files);
  const results: Uint8Array[] = [];
  for (const { params, blobs } of plan.units) {
    const input = { params, blobs: new Map([...plan.shared, ...blobs].map((part) => [part.name, part.bytes])) };
    const { bytes } = await onnxKernel.run(input, context());
    expect(onnxRules.inspect(params, bytes), name).toBeUndefined();
    results.push(bytes);
  }
  return onnxRules.merge(plan.stageParams, results).filter((part) => part.name.endsWith('.npy'));
}

const tolerance = { absolute: 1e-4, relative: 1e-3 };

test.skipIf(cases.length === 0)('all the ONNX project’s conformance cases give their expected outputs', async () => {
  expect(cases).toHaveLength(41);
  for (const name of cases) {
    const data = new URL(`${name}/test_data_set_0/`, casesFolder);
    const model = bytesOf(new URL(`${name}/model.onnx`, casesFolder));
    const inputs = readdirSync(data).filter((file) => file.startsWith('input_'));
    const tensors = await Promise.all(inputs.map((_, i) => readTensor(new URL(`input_${i}.pb`, data))));
    for (const [i, part] of (await runJob(name, model, tensors, 1)).entries()) {
      const expected = await readTensor(new URL(`output_${i}.pb`, data));
      expect(tensorsAgree(decodeNpy(part.name, part.bytes), expected, tolerance), `${name}, ${part.name}`).toBe(true);
    }
  }
});

// Their weights are constants made in the graph, and so alike that every image gives the expected output: this shows that the
// topologies load and run at their real sizes, not that their numbers are right. The ONNX project feeds i / n, as here.
test.skipIf(cases.length === 0).each(['resnet50', 'shufflenet', 'squeezenet'])(
  'the topology of %s runs, two images of fixed size in one unit',
  async (name) => {
    const model = bytesOf(new URL(`light_${name}.onnx`, folder));
    const size = 3 * 224 * 224;
    const pixels = Float32Array.from({ length: 2 * size }, (_, i) => (i % size) / size);
    const images: Tensor = { dtype: 'float32', shape: [2, 3, 224, 224], data: new Uint8Array(pixels.buffer) };
    const expected = await readTensor(new URL(`light_${name}_output_0.pb`, folder));
    const [part] = await runJob(name, model, [images], 2);
    const got = decodeNpy(name, part?.bytes as Uint8Array);
    expect(got.shape).toEqual([2, ...expected.shape.slice(1)]);
    for (const row of [0, 1]) {
      const data = got.data.subarray(row * expected.data.length, (row + 1) * expected.data.length);
      expect(tensorsAgree({ ...expected, data }, expected, tolerance), `row ${row}`).toBe(true);
    }
  },
);
