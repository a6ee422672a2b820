import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { InferenceSession } from 'onnxruntime-web';
import type { GpuLease } from '../../gpu/device.ts';
import { createReadback, type Readback } from '../../gpu/readback.ts';
import { DeviceInputs, isOnDevice } from './device-inputs.ts';
import { onnxManifest } from './manifest.ts';
import { loadOrt, releaseEngineFile } from './ort.ts';
import type { Ort } from './ort-type.ts';
import type { Prepared } from './prepare.ts';

/** A model made ready to run. */
export interface Loaded {
  ort: Ort;
  session: InferenceSession;
  /** What belongs to the session on a GPU; undefined on WASM. */
  device: { inputs: DeviceInputs; readback: Readback; widest: number } | undefined;
}

// One session a backend: units of one stage come in a row, and a second model's memory would double the worker's.
const cached = new Map<string, { key: string; loaded: Promise<Loaded> }>();

/** The session of a model on a backend, made once. `lease` asks for WebGPU. @throws {ReckonError} KERNEL_THREW, KERNEL_MEMORY */
export async function sessionFor(prepared: Prepared, lease: GpuLease | undefined): Promise<Loaded> {
  const backend = lease === undefined ? 'wasm' : 'webgpu';
  const key = `${lease?.generation ?? 0}:${prepared.key}`;
  const held = cached.get(backend);
  if (held?.key === key) return held.loaded;
  cached.delete(backend);
  // A session of a lost device cannot be released in good order, which must not stop its successor.
  await held?.loaded.then(release).catch(() => undefined);
  const loaded = load(prepared, lease);
  cached.set(backend, { key, loaded });
  loaded.catch(() => cached.delete(backend));
  return loaded;
}

async function release({ session, device }: Loaded): Promise<void> {
  device?.inputs.destroy();
  device?.readback.destroy();
  await session.release();
}

async function load({ model, bytes, data }: Prepared, lease: GpuLease | undefined): Promise<Loaded> {
  const ort = await loadOrt(lease === undefined ? 'wasm' : 'webgpu');
  // Results stay on the GPU until a unit's last row is computed; types that no GPU buffer holds are given by the CPU.
  if (data.size > 0) haveBlob();
  const places = model.outputs
    .filter(({ dtype }) => isOnDevice(dtype))
    .map(({ name }) => [name, 'gpu-buffer'] as const);
  try {
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: [lease === undefined ? 'wasm' : { name: 'webgpu', device: lease.device }],
      graphOptimizationLevel: 'all',
      // Warnings are of no use to anybody here.
      logSeverityLevel: 3,
      externalData: [...data].map(([path, part]) => ({ path, data: part })),
      ...(lease !== undefined && { preferredOutputLocation: Object.fromEntries(places) }),
    });
    releaseEngineFile(ort);
    if (lease === undefined) return { ort, session, device: undefined };
    const { device } = lease;
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
    return {
      ort,
      session,
      device: {
        inputs: new DeviceInputs(ort, device),
        readback: createReadback(device),
        widest: Math.min(maxBufferSize, maxStorageBufferBindingSize),
      },
    };
  } catch (error) {
    throw engineError(error);
  }
}

/** The engine asks of each file whether it is a Blob; a guest's worker has none of these, and so no word for them. */
function haveBlob(): void {
  const scope: { Blob?: unknown } = globalThis;
  scope.Blob ??= class {};
}

/** What the engine says, with a code. Splitting has read the model, so it is an operator that it lacks, or too little memory. */
export function engineError(error: unknown): unknown {
  if (error instanceof ReckonError) return error;
  const kernel = kernelName(onnxManifest);
  // The engine names the places of its own sources first.
  const text = (error instanceof Error ? error.message : String(error)).replace(/\/\S+\.(?:cc|h):\d+ /, '');
  if (/bad_alloc|out of memory|failed to allocate|bad allocation/i.test(text)) {
    return new ReckonError('KERNEL_MEMORY', { kernel, limitBytes: onnxManifest.limits.maxMemoryBytes });
  }
  return new ReckonError('KERNEL_THREW', { kernel, cause: text.slice(0, 500) });
}
