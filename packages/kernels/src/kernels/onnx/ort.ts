import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { Ort } from './ort-type.ts';

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;

/** Loads onnxruntime-web for a backend: the smaller build for WASM, the one with WebGPU only when it is used. */
export async function loadOrt(backend: Backend): Promise<Ort> {
  const ort = inNode ? await loadInNode() : await (await import('./ort-browser.ts')).loadInBrowser(backend);
  // One thread: nothing depends on cross-origin isolation, and results are the same everywhere.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
  ort.env.logLevel = 'error';
  return ort;
}

/** Lets go of the file the engine was started from, which it would hold for ever: 14 or 27 MB in each guest's worker. */
export function releaseEngineFile({ env: { wasm } }: Ort): void {
  const { wasmBinary } = wasm;
  if (wasmBinary instanceof Uint8Array && wasmBinary.buffer instanceof ArrayBuffer) wasmBinary.buffer.transfer?.(0);
}

/** Node's own build finds its .wasm file itself; the specifier is a variable so that bundlers leave it out. */
async function loadInNode(): Promise<Ort> {
  const specifier = 'onnxruntime-web';
  return import(/* @vite-ignore */ specifier) as Promise<Ort>;
}
