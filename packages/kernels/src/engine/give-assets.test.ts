import { expect, test, vi } from 'vitest';
import type { AssetAnswer } from './assets.ts';
import { createAssetGiver } from './give-assets.ts';

function host(fetchAsset: () => Promise<Uint8Array>) {
  const fetching = vi.fn(fetchAsset);
  const said: AssetAnswer[] = [];
  return { fetching, said, give: createAssetGiver(fetching, (answer) => void said.push(answer)) };
}

test('an asset is given once, and nothing that is not on the list', async () => {
  const { fetching, said, give } = host(async () => Uint8Array.of(7));
  await Promise.all([give('ort-wasm'), give('ort-wasm'), give('/private'), give(undefined)]);
  await give('ort-wasm');
  expect(fetching.mock.calls).toEqual([['ort-wasm']]);
  expect(said).toEqual([{ asset: 'ort-wasm', bytes: Uint8Array.of(7) }]);
});

test('one that cannot be fetched is tried three times, however often it is asked for', async () => {
  const { fetching, said, give } = host(() => Promise.reject(new Error('404')));
  for (let i = 0; i < 50; i++) await give('ort-wasm');
  expect(fetching).toHaveBeenCalledTimes(3);
  expect(said).toHaveLength(50);
  expect(said[2]).toEqual({ asset: 'ort-wasm', failed: 'Error: 404' });
  expect(said[49]).toMatchObject({ asset: 'ort-wasm', failed: expect.stringMatching(/3 times/) });
  // The other one is counted by itself.
  await give('ort-webgpu');
  expect(fetching).toHaveBeenLastCalledWith('ort-webgpu');
});

test('after a failure it can still be had', async () => {
  const fetchAsset = vi.fn<() => Promise<Uint8Array>>().mockRejectedValueOnce(new Error('offline'));
  const { said, give } = host(fetchAsset.mockResolvedValue(Uint8Array.of(7)));
  await give('ort-wasm');
  await give('ort-wasm');
  expect(said[1]).toEqual({ asset: 'ort-wasm', bytes: Uint8Array.of(7) });
});
