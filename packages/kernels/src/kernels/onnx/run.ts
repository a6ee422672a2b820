import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { GpuLease } from '../../gpu/device.ts';
import { gpuOrWasm } from '../../gpu/gpu-or-wasm.ts';
import type { KernelImplementation, UnitInput } from '../../kernel.ts';
import { requireBlob } from '../../params.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import { packTensors } from '../../tensor/pack.ts';
import { describeTensor, type Tensor } from '../../tensor/tensor.ts';
import { type Feeds, infer } from './infer.ts';
import { onnxManifest } from './manifest.ts';
import { readUnit } from './params.ts';
import { digestOf, type Prepared, prepareModel } from './prepare.ts';
import { sessionFor } from './session.ts';
import { unitSheet } from './sheet.ts';

/** A unit's time below which nobody sees a picture of its beginning, ms; and that of the last unit. */
const QUICK_MS = 50;
let lastMs = Number.POSITIVE_INFINITY;

/** Result: the model's outputs in graph order, packed .npy parts. */
export const onnxKernel: KernelImplementation = {
  manifest: onnxManifest,
  async run(input, context) {
    const unit = readUnit(input.params);
    const prepared = await prepareModel(requireBlob(onnxManifest, input.blobs, 'model'), input);
    const feeds = await readFeeds(prepared, input, unit.rows);
    const cut = [...feeds.rows.values()];
    // The pictures of a unit that is over at once are shown once, with their classes.
    context.progress(0, lastMs < QUICK_MS ? undefined : unitSheet(unit, cut));
    const began = performance.now();
    const names = unit.outputs.map(({ name }) => name);
    const runOn = async (lease: GpuLease | undefined): Promise<Map<string, Tensor>> => {
      const loaded = await sessionFor(prepared, lease);
      context.progress(0.2);
      const outputs = await infer(loaded, prepared, feeds, unit.rows, names, context);
      lastMs = performance.now() - began;
      context.progress(1, unitSheet(unit, cut, [...outputs.values()]));
      return outputs;
    };
    return gpuOrWasm(
      context,
      async (lease) => {
        // An engine without half precision would compute something else, or fail in the midst of it.
        if (prepared.half && !lease.device.features.has('shader-f16')) {
          throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'shader-f16 on the GPU, for a model of float16' });
        }
        const outputs = await runOn(lease);
        refuseZeros(outputs);
        return { bytes: packTensors(outputs), device: lease.name };
      },
      async () => ({ bytes: packTensors(await runOn(undefined)), device: 'WASM SIMD' }),
    );
  },
};

/** @throws {ReckonError} KERNEL_INPUT_MISSING, TENSOR_INVALID, TENSOR_TYPE, TENSOR_SHAPE */
async function readFeeds({ model, rows: plan }: Prepared, input: UnitInput, rows: number): Promise<Feeds> {
  const feeds = { rows: new Map<string, Tensor>(), whole: new Map<string, { tensor: Tensor; digest: string }>() };
  for (const port of model.inputs) {
    const { name, dtype } = port;
    const bytes = input.blobs.get(name);
    if (bytes === undefined)
      throw new ReckonError('KERNEL_INPUT_MISSING', { kernel: kernelName(onnxManifest), input: name });
    const tensor = decodeNpy(name, bytes);
    if (tensor.dtype !== dtype) {
      const [expected, received] = [dtype ?? 'a type that .npy holds', tensor.dtype];
      throw new ReckonError('TENSOR_TYPE', { input: name, expected, received });
    }
    if (!plan.isCut(port)) feeds.whole.set(name, { tensor, digest: await digestOf(input, name, bytes) });
    else if (tensor.shape[0] === rows && rows % (plan.fixed ?? 1) === 0) feeds.rows.set(name, tensor);
    else {
      const expected = `[${rows}, …], in runs of ${plan.fixed ?? 'any number of'} rows`;
      throw new ReckonError('TENSOR_SHAPE', { input: name, expected, received: describeTensor(tensor) });
    }
  }
  return feeds;
}

/** Some drivers answer a job that took too long with zeros and no error; WASM then decides whether they are right. */
function refuseZeros(outputs: ReadonlyMap<string, Tensor>): void {
  for (const { data } of outputs.values()) if (data.some((byte) => byte !== 0)) return;
  throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'a GPU that gives anything but zeros' });
}
