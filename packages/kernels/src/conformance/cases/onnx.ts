import { packParts, unpackParts } from '@reckon/protocol/base/named-parts';
import { onnxReference } from '../../kernels/onnx/reference.ts';
import { onnxRules } from '../../kernels/onnx/rules.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import type { ConformanceCase, ConformanceKernel } from '../case.ts';
import { drawFloats } from '../draw.ts';
import { encodeModel, smallModels } from './onnx-models.ts';

function model(name: string, which: keyof typeof smallModels, shape: readonly number[]): ConformanceCase {
  return {
    name,
    params: { batch: shape[0] },
    async inputs() {
      const count = shape.reduce((product, size) => product * size, 1);
      const data = new Uint8Array(drawFloats(99, count).buffer);
      return new Map([
        ['model', { fileName: `${which}.onnx`, bytes: await encodeModel(smallModels[which]) }],
        ['x', { fileName: 'x.npy', bytes: encodeNpy({ dtype: 'float32', shape, data }) }],
      ]);
    },
  };
}

/** Small networks of float operators: backends add in other orders, so that their last bits lawfully differ. */
export const onnxConformance: ConformanceKernel = {
  rules: onnxRules,
  // onnxruntime-web 1.30.0: 14.2 MB for WASM and 26.8 MB for WebGPU, uncompressed.
  downloadMb: 41,
  cases: [model('two dense layers', 'dense', [7, 48]), model('a convolution', 'convolution', [5, 1, 14, 14])],
  async reference({ blobs }) {
    const tensors = [...blobs].filter(([name]) => name !== 'model');
    const inputs = new Map(tensors.map(([name, bytes]) => [name, decodeNpy(name, bytes)]));
    const outputs = await onnxReference(blobs.get('model') ?? new Uint8Array(0), inputs);
    return packParts([...outputs].map(([name, tensor]) => ({ name, bytes: encodeNpy(tensor) })));
  },
  numbers: (result) =>
    Float64Array.from(unpackParts(result).flatMap(({ name, bytes }) => Array.from(toNumbers(decodeNpy(name, bytes))))),
};
