import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { kernelDigests } from '../../digests.generated.ts';

/** An ONNX model over rows of tensors, by onnxruntime-web on one thread. */
export const onnxManifest: KernelManifest = {
  id: 'onnx',
  version: '1.1.0',
  digest: kernelDigests['onnx@1.1.0'],
  title: 'Run an ONNX model',
  summary: 'Puts rows of data through a trained neural network.',
  backends: ['webgpu', 'wasm'],
  guest: true,
  // Float results differ between backends in the last bits: measured about 1e-9 absolute for a small network.
  agreement: {
    kind: 'within',
    absolute: 1e-4,
    relative: 1e-3,
    words:
      'within 0.1 % and a ten-thousandth of the largest number of the same output (of 1 at most), since floats differ between devices; whole numbers must be equal',
  },
  // Results agree only within a tolerance: there is no digest to commit chunks under, no chunk to recompute bit for bit,
  // and a checker on another backend would differ from an honest node.
  policies: ['quorum'],
  inputs: [
    { name: 'model', kind: 'file', description: 'The trained model, exported as ONNX.', accept: ['.onnx'] },
    {
      // `*` stands for the names the model itself declares: one .npy file for each input of its graph.
      name: '*',
      kind: 'tensor',
      description:
        'One .npy tensor for each input of the model, named like that input; its first dimension is the rows.',
      accept: ['.npy'],
    },
    {
      // Here it stands for the files that the model names as the places of its weights.
      name: '*',
      kind: 'file',
      description: 'The files that hold the weights of a large model, each under the name that the model gives it.',
      accept: ['.data', '.bin', '.weights'],
      optional: true,
    },
  ],
  params: [
    {
      name: 'batch',
      kind: 'integer',
      description: 'Rows in one work unit. A model that takes a fixed number of rows runs several times in it.',
      default: 50,
      min: 1,
      max: 1024,
    },
  ],
  limits: { maxResultBytes: 16 * 1024 * 1024, maxMemoryBytes: 1024 * 1024 * 1024, maxMs: 120_000 },
};
