import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { type AssetName, isAssetRequest } from './assets.ts';
import { createAssetGiver } from './give-assets.ts';
// oxlint-disable-next-line import/default -- Vite makes it the address of the bundled script
import guestScript from './guest-worker.ts?worker&url';
import type { KernelWorker, WorkerFailure, WorkerKind } from './kernel-worker.ts';
import { sealsGuests } from '../worker-policy.ts';

const ADDRESSES: Readonly<Record<AssetName, string>> = { 'ort-wasm': wasm, 'ort-webgpu': asyncifyWasm };

/** Spawns the product's kernel workers from a page or another worker. */
export const spawnBrowserWorker = (kind: WorkerKind): KernelWorker =>
  kind === 'guest'
    ? onceSealed(adaptBrowserWorker(new Worker(guestScript, { type: 'module', name: 'reckon-guest' })))
    : adaptBrowserWorker(
        new Worker(new URL('./own-worker.ts', import.meta.url), { type: 'module', name: 'reckon-kernel' }),
      );

/** A Web Worker as the pool sees it; it is given the assets it asks for. */
export function adaptBrowserWorker(worker: Worker): KernelWorker {
  const give = createAssetGiver(
    async (asset) => new Uint8Array(await (await fetched(ADDRESSES[asset])).arrayBuffer()),
    (answer) => worker.postMessage(answer, 'bytes' in answer ? [answer.bytes.buffer as ArrayBuffer] : []),
  );
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    onMessage(receive) {
      worker.onmessage = ({ data }) => (isAssetRequest(data) ? void give(data.wants) : receive(data));
    },
    onError(failed) {
      worker.onerror = (event) => {
        event.preventDefault();
        failed({ kind: 'crashed', cause: event.message || 'the worker could not be loaded' });
      };
      worker.onmessageerror = () => failed({ kind: 'crashed', cause: 'a message of the worker could not be read' });
    },
    terminate() {
      worker.onmessage = null;
      worker.onerror = null;
      worker.onmessageerror = null;
      worker.terminate();
    },
  };
}

async function fetched(address: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(address, init);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response;
}

let sealed: Promise<string | undefined> | undefined;

/** Why no guest may run here: its script is served without the policy that seals it. Asked once, unless it fails. */
function unsealed(): Promise<string | undefined> {
  sealed ??= fetched(guestScript, { method: 'HEAD' }).then(
    ({ headers }) =>
      sealsGuests(headers.get('content-security-policy'))
        ? undefined
        : 'this server sends the guests’ worker without the content policy that shuts off the network',
    (error: unknown) => `the guests’ worker could not be asked for: ${String(error)}`,
  );
  const asked = sealed;
  void asked.then((cause) => {
    if (cause !== undefined) sealed = undefined;
  });
  return asked;
}

/** Nothing is sent to a guest's worker before it is known to be sealed. */
function onceSealed(worker: KernelWorker): KernelWorker {
  let failed: (failure: WorkerFailure) => void = () => undefined;
  return {
    ...worker,
    postMessage(message, transfer) {
      void unsealed().then((cause) => {
        if (cause === undefined) worker.postMessage(message, transfer);
        else failed({ kind: 'crashed', cause });
      });
    },
    onError(listener) {
      failed = listener;
      worker.onError(listener);
    },
  };
}
