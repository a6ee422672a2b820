import { afterEach, expect, test, vi } from 'vitest';
import { askForAssets, assets, isAssetRequest } from './assets.ts';

afterEach(() => {
  assets.get = undefined;
});

/** A worker's side with its host at hand. */
function worker() {
  const sent: unknown[] = [];
  let say = (_message: unknown) => undefined as void;
  const side = askForAssets({
    postMessage: (message) => sent.push(message),
    onMessage: (receive) => {
      say = receive;
    },
  });
  const received = vi.fn();
  side.onMessage(received);
  return { sent, received, say: (message: unknown) => say(message) };
}

test('an asset is asked for once however many wait, and its answer reaches nobody else', async () => {
  const { sent, received, say } = worker();
  const waiting = [assets.get?.('ort-wasm'), assets.get?.('ort-wasm'), assets.get?.('ort-webgpu')];
  expect(sent).toEqual([{ wants: 'ort-wasm' }, { wants: 'ort-webgpu' }]);
  expect(sent.every(isAssetRequest)).toBe(true);
  say({ asset: 'ort-wasm', bytes: Uint8Array.of(7) });
  expect(await waiting[0]).toEqual(Uint8Array.of(7));
  expect(await waiting[1]).toEqual(Uint8Array.of(7));
  expect(received).not.toHaveBeenCalled();
  say({ id: 'a unit' });
  expect(received).toHaveBeenCalledExactlyOnceWith({ id: 'a unit' });
});

test('one that cannot be had is refused with a code, and may be asked for again', async () => {
  const { sent, say } = worker();
  const waiting = assets.get?.('ort-wasm');
  say({ asset: 'ort-wasm', failed: '404 Not Found' });
  await expect(waiting).rejects.toMatchObject({ code: 'RELAY_UNREACHABLE', details: { cause: '404 Not Found' } });
  void assets.get?.('ort-wasm');
  expect(sent).toHaveLength(2);
  // Nobody asked for it.
  expect(() => say({ asset: 'ort-webgpu', bytes: new Uint8Array() })).not.toThrow();
});

test.each([undefined, null, 'wants', 7, { want: 'ort-wasm' }])('%j is no request', (message) => {
  expect(isAssetRequest(message)).toBe(false);
});
