import asyncifyMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { Ort } from './ort-type.ts';

/** Only bundlers read this file: `?url` gives the address of each file, and nothing is fetched before it is used. */
export async function loadInBrowser(backend: Backend): Promise<Ort> {
  if (backend === 'webgpu') {
    const ort = await import('onnxruntime-web/webgpu');
    ort.env.wasm.wasmPaths = { mjs: asyncifyMjs, wasm: asyncifyWasm };
    return ort;
  }
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.wasmPaths = { mjs, wasm };
  return ort;
}
