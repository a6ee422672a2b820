import { fileURLToPath } from 'node:url';
import { fromWire, type WireError } from '@reckon/protocol/base/errors';
import type { Hex } from 'viem';
import { houseEnv } from '../config.ts';
import { type Child, firstMessage, startChild } from '../children.ts';

export interface HouseOptions {
  relayUrl: string;
  dataDir: string;
  /** The account its rewards go to. */
  payoutKey: Hex;
  onLine: (line: string) => void;
}

/** Starts the house node and waits until it has joined. */
export async function startHouseNode({ relayUrl, dataDir, payoutKey, onLine }: HouseOptions): Promise<Child> {
  const child = startChild({
    program: fileURLToPath(new URL('./main.ts', import.meta.url)),
    env: houseEnv({ relayUrl, dataDir, workers: 1 }, payoutKey),
    onLine,
  });
  await firstMessage(child, 'house node', (message) => {
    const { ready, error } = message as { ready?: boolean; error?: WireError };
    if (error !== undefined) throw fromWire(error);
    return ready;
  });
  return child;
}
