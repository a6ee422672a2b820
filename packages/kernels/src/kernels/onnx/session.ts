import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { InferenceSession } from 'onnxruntime-web';
import type { GpuLease } from '../../gpu/device.ts';
import { onnxManifest } from './manifest.ts';
import { loadOrt } from './ort.ts';
import type { Ort } from './ort-type.ts';

/** A model made ready to run. */
export interface Loaded {
  ort: Ort;
  session: InferenceSession;
}

// One session a backend: units of one stage come in a row, and a second model's memory would double the worker's.
const cached = new Map<string, { key: string; loaded: Promise<Loaded> }>();

/** The session of a model on a backend, made once. `lease` asks for WebGPU. @throws {ReckonError} KERNEL_THREW */
export async function sessionFor(model: Uint8Array, lease: GpuLease | undefined): Promise<Loaded> {
  const backend = lease === undefined ? 'wasm' : 'webgpu';
  const key = `${lease?.generation ?? 0}:${await digest(model)}`;
  const held = cached.get(backend);
  if (held?.key === key) return held.loaded;
  cached.delete(backend);
  // A session of a lost device cannot be released in good order, which must not stop its successor.
  await held?.loaded.then(({ session }) => session.release()).catch(() => undefined);
  const loaded = load(model, lease);
  cached.set(backend, { key, loaded });
  loaded.catch(() => cached.delete(backend));
  return loaded;
}

async function load(model: Uint8Array, lease: GpuLease | undefined): Promise<Loaded> {
  const ort = await loadOrt(lease === undefined ? 'wasm' : 'webgpu');
  const provider = lease === undefined ? 'wasm' : { name: 'webgpu', device: lease.device };
  try {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: [provider],
      graphOptimizationLevel: 'all',
    });
    return { ort, session };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    // Splitting has read the model, so this is an operator or an opset that the engine lacks, or too little memory.
    throw new ReckonError('KERNEL_THREW', { kernel: kernelName(onnxManifest), cause: cause.slice(0, 500) });
  }
}

/** The platform's SHA-256 where the page is secure; it reads a 100 MB model in a tenth of a second. */
async function digest(model: Uint8Array): Promise<string> {
  if (globalThis.crypto?.subtle !== undefined) {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', model as Uint8Array<ArrayBuffer>));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  const { hashBlob } = await import('@reckon/protocol/base/hash');
  return hashBlob(model);
}
