import { type AssetAnswer, type AssetName, ASSETS } from './assets.ts';

/** How often one asset is fetched for a worker, the times when that fails included. */
const MOST_TRIES = 3;

/** A host's side of `assets.ts`, for one worker: answers what it asks for. Never rejects. */
export function createAssetGiver(
  fetchAsset: (name: AssetName) => Promise<Uint8Array>,
  say: (answer: AssetAnswer) => void,
): (wanted: unknown) => Promise<void> {
  const given = new Set<AssetName>();
  const tries = new Map<AssetName, number>();
  return async (wanted) => {
    const asset = ASSETS.find((name) => name === wanted);
    // Each is given once, and tried a few times: a guest that asked for ever would have its host fetch for ever.
    if (asset === undefined || given.has(asset)) return;
    const tried = (tries.get(asset) ?? 0) + 1;
    if (tried > MOST_TRIES) return say({ asset, failed: `it could not be fetched ${MOST_TRIES} times` });
    tries.set(asset, tried);
    given.add(asset);
    try {
      say({ asset, bytes: await fetchAsset(asset) });
    } catch (error) {
      given.delete(asset);
      say({ asset, failed: String(error) });
    }
  };
}
