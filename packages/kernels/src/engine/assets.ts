import { ReckonError } from '@reckon/protocol/base/errors';
import type { MessageSide } from './endpoint.ts';

/**
 * A guest's worker may fetch nothing, so its host fetches for it what it asks for, out of this list only, from its own
 * origin. Nothing that a guest says becomes part of an address.
 */
export const ASSETS = ['ort-wasm', 'ort-webgpu'] as const;
export type AssetName = (typeof ASSETS)[number];

/** Worker to host. */
export interface AssetRequest {
  wants: AssetName;
}
/** Host to worker: the bytes, moved; or why there are none. */
export type AssetAnswer = { asset: AssetName; bytes: Uint8Array } | { asset: AssetName; failed: string };

const isRecord = (message: unknown): message is Record<string, unknown> =>
  typeof message === 'object' && message !== null;

/** Is it a request, if perhaps one for something that is not on the list? */
export const isAssetRequest = (message: unknown): message is { wants: unknown } =>
  isRecord(message) && 'wants' in message;

const isAssetAnswer = (message: unknown): message is AssetAnswer => isRecord(message) && 'asset' in message;

/** What a worker can ask its host for; `undefined` outside of a pool's worker, where code fetches by itself. */
export const assets: { get: ((name: AssetName) => Promise<Uint8Array>) | undefined } = { get: undefined };

/** Lets this worker's kernels ask for assets; the side returned passes on every message but the answers. */
export function askForAssets(side: MessageSide): MessageSide {
  const waiting = new Map<AssetName, PromiseWithResolvers<Uint8Array>>();
  assets.get = (name) => {
    const asked = waiting.get(name) ?? Promise.withResolvers<Uint8Array>();
    if (!waiting.has(name)) side.postMessage({ wants: name } satisfies AssetRequest, []);
    waiting.set(name, asked);
    return asked.promise;
  };
  return {
    postMessage: side.postMessage,
    onMessage: (receive) =>
      side.onMessage((message) => {
        if (!isAssetAnswer(message)) return receive(message);
        const asked = waiting.get(message.asset);
        waiting.delete(message.asset);
        if ('bytes' in message) asked?.resolve(message.bytes);
        else asked?.reject(new ReckonError('RELAY_UNREACHABLE', { url: message.asset, cause: message.failed }));
      }),
  };
}
