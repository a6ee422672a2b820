import * as ortWasm from 'onnxruntime-web/wasm';
import * as ortWebgpu from 'onnxruntime-web/webgpu';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import { assets } from '../../engine/assets.ts';
import type { Ort } from './ort-type.ts';

/**
 * Only bundlers read this file. Both builds bring their JavaScript with them; in a guest's worker the engine's WASM comes from
 * the worker's host, when a unit needs it, and elsewhere from its own address.
 */
export async function loadInBrowser(backend: Backend): Promise<Ort> {
  const ort: Ort = backend === 'webgpu' ? ortWebgpu : ortWasm;
  const name = backend === 'webgpu' ? 'ort-webgpu' : 'ort-wasm';
  if (assets.get !== undefined && ort.env.wasm.wasmBinary === undefined)
    ort.env.wasm.wasmBinary = await assets.get(name);
  return ort;
}
