import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { unpackParts } from '@reckon/protocol/base/named-parts';
import { expect, test } from 'vitest';
import { tensorsAgree } from '../../tensor/agree.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type DType, dtypeBytes, elementCount, type Tensor } from '../../tensor/tensor.ts';
import { readModel } from './model.ts';
import { loadOnnxProto, toNumber } from './proto.ts';
import { onnxKernel } from './run.ts';

/** Cases of the ONNX project, which are not part of ours: see the data folder's own page. */
const folder = new URL('../../../../../../shared/data/onnx/backend-tests/', import.meta.url);
const cases = existsSync(folder) ? readdirSync(folder) : [];

const TYPES: Readonly<Record<number, DType>> = { 1: 'float32', 6: 'int32', 7: 'int64', 9: 'bool', 11: 'float64' };

async function readTensor(url: URL): Promise<Tensor> {
  const { TensorProto } = await loadOnnxProto();
  const proto = TensorProto.decode(Uint8Array.from(readFileSync(url)));
  const dtype = TYPES[proto.dataType ?? 0] as DType;
  const shape = proto.dims.map(toNumber);
  expect(proto.rawData).toHaveLength(elementCount(shape) * dtypeBytes(dtype));
  return { dtype, shape, data: Uint8Array.from(proto.rawData) };
}

test.skipIf(cases.length === 0)('the ONNX project’s conformance cases give their expected outputs', async () => {
  const refused: string[] = [];
  for (const name of cases) {
    const data = new URL(`${name}/test_data_set_0/`, folder);
    const bytes = Uint8Array.from(readFileSync(new URL(`${name}/model.onnx`, folder)));
    const { inputs, outputs } = await readModel(name, bytes);
    const blobs = new Map<string, Uint8Array>([['model', bytes]]);
    for (const [i, input] of inputs.entries()) {
      blobs.set(input.name, encodeNpy(await readTensor(new URL(`input_${i}.pb`, data))));
    }
    const params = JSON.stringify({ rows: 1, outputs: outputs.map((output) => ({ name: output.name })) });
    const context = { backend: 'wasm', signal: new AbortController().signal, progress: () => undefined } as const;
    const run = await onnxKernel.run({ params, blobs }, context).catch((error: Error) => error);
    if (run instanceof Error) {
      refused.push(`${name}: ${run.message}`);
      continue;
    }
    for (const [i, part] of unpackParts(run.bytes).entries()) {
      const expected = await readTensor(new URL(`output_${i}.pb`, data));
      const got = decodeNpy(part.name, part.bytes);
      expect(tensorsAgree(got, expected, { absolute: 1e-4, relative: 1e-3 }), `${name}, ${part.name}`).toBe(true);
    }
  }
  // The cases are of operator set 6; onnxruntime guarantees 7 and later, and lacks five of the older operators.
  for (const refusal of refused) {
    expect(refusal).toMatch(
      /Could not find an implementation for (AveragePool|BatchNormalization|Mul|PRelu|Add)\(\d\)/,
    );
  }
  expect(cases.length - refused.length).toBeGreaterThanOrEqual(30);
});
