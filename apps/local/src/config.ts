import { fromHex } from '@reckon/protocol/base/bytes';
import type { KeeperOptions } from './chain/keeper.ts';

/** The only place of this program that reads the environment. What our processes tell each other goes through it. */

const KEEPER = 'RECKON_KEEPER';
const HOUSE = 'RECKON_HOUSE';
const HOUSE_KEY = 'RECKON_HOUSE_PAYOUT_KEY';

/** Our own environment and more, for a child. */
export const childEnv = (more: Record<string, string>): Record<string, string | undefined> => ({
  ...process.env,
  ...more,
});

export const keeperEnv = (options: KeeperOptions): Record<string, string> => ({ [KEEPER]: JSON.stringify(options) });
export const readKeeperOptions = (): KeeperOptions => JSON.parse(process.env[KEEPER] ?? '{}') as KeeperOptions;

export interface HouseSettings {
  relayUrl: string;
  dataDir: string;
  workers: number;
}

export const houseEnv = (settings: HouseSettings, payoutKey: string): Record<string, string> => ({
  [HOUSE]: JSON.stringify(settings),
  [HOUSE_KEY]: payoutKey,
});

/** Also takes the key out of the environment, which the kernels' workers need not see. */
export function takeHouseSettings(): HouseSettings & { payoutKey?: Uint8Array } {
  const settings = JSON.parse(process.env[HOUSE] ?? '{}') as HouseSettings;
  const key = process.env[HOUSE_KEY];
  delete process.env[HOUSE_KEY];
  return { ...settings, ...(key === undefined ? {} : { payoutKey: fromHex(key) }) };
}
