import { ReckonError } from '@reckon/protocol/base/errors';
import { packParts } from '@reckon/protocol/base/named-parts';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { Tensor as OrtTensor } from 'onnxruntime-web';
import type { GpuLease } from '../../gpu/device.ts';
import { gpuOrWasm } from '../../gpu/gpu-or-wasm.ts';
import type { KernelImplementation, RunContext } from '../../kernel.ts';
import { requireBlob } from '../../params.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { DTYPES, type DType, type Tensor } from '../../tensor/tensor.ts';
import { onnxManifest } from './manifest.ts';
import { readUnit } from './params.ts';
import { type Loaded, sessionFor } from './session.ts';
import { unitSheet } from './sheet.ts';
import { toTypedArray } from './typed-array.ts';

/** Result: the model's outputs in graph order, packed .npy parts. */
export const onnxKernel: KernelImplementation = {
  manifest: onnxManifest,
  async run(input, context) {
    const unit = readUnit(input.params);
    const model = requireBlob(onnxManifest, input.blobs, 'model');
    const tensors = new Map<string, Tensor>();
    for (const [name, bytes] of input.blobs) if (name !== 'model') tensors.set(name, decodeNpy(name, bytes));
    context.progress(0, unitSheet(unit, tensors.values()));
    const names = unit.outputs.map(({ name }) => name);
    const runOn = async (lease: GpuLease | undefined): Promise<Map<string, Tensor>> => {
      const loaded = await sessionFor(model, lease);
      context.progress(0.2);
      const outputs = await infer(loaded, tensors, names, context);
      context.progress(1, unitSheet(unit, tensors.values(), [...outputs.values()]));
      return outputs;
    };
    const pack = (outputs: Map<string, Tensor>) =>
      packParts([...outputs].map(([name, tensor]) => ({ name, bytes: encodeNpy(tensor) })));
    return gpuOrWasm(
      context,
      async (lease) => {
        const outputs = await runOn(lease);
        refuseZeros(outputs);
        return { bytes: pack(outputs), device: lease.name };
      },
      async () => ({ bytes: pack(await runOn(undefined)), device: 'WASM SIMD' }),
    );
  },
};

async function infer(
  { ort, session }: Loaded,
  tensors: ReadonlyMap<string, Tensor>,
  outputs: readonly string[],
  context: RunContext,
): Promise<Map<string, Tensor>> {
  const feeds: Record<string, OrtTensor> = {};
  for (const name of session.inputNames) {
    const tensor = tensors.get(name);
    if (tensor === undefined) {
      throw new ReckonError('KERNEL_INPUT_MISSING', { kernel: kernelName(onnxManifest), input: name });
    }
    feeds[name] = new ort.Tensor(tensor.dtype, toTypedArray(tensor), tensor.shape);
  }
  context.signal.throwIfAborted();
  const answer = await session.run(feeds, outputs);
  context.signal.throwIfAborted();
  return new Map(outputs.map((name) => [name, toTensor(name, answer[name])]));
}

function toTensor(name: string, value: OrtTensor | undefined): Tensor {
  const dtype = DTYPES.find((known: DType) => known === value?.type);
  if (value === undefined || dtype === undefined) {
    const cause = `output "${name}" is ${value?.type ?? 'missing'}, which no .npy holds`;
    throw new ReckonError('KERNEL_RESULT_INVALID', { kernel: kernelName(onnxManifest), cause });
  }
  const { buffer, byteOffset, byteLength } = value.data as Float32Array;
  return { dtype, shape: value.dims, data: new Uint8Array(buffer, byteOffset, byteLength) };
}

/** Some drivers answer a job that took too long with zeros and no error; WASM then decides whether they are right. */
function refuseZeros(outputs: ReadonlyMap<string, Tensor>): void {
  for (const { data } of outputs.values()) if (data.some((byte) => byte !== 0)) return;
  throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'a GPU that gives anything but zeros' });
}
