import { fileURLToPath } from 'node:url';
import { fromWire, type WireError } from '@reckon/protocol/base/errors';
import { keeperEnv } from '../config.ts';
import { firstMessage, startChild } from '../children.ts';
import type { DataPaths } from '../data-folder.ts';
import { probePort } from '../ports.ts';

export interface Chain {
  readonly rpcUrl: string;
  readonly chainId: number;
  /** Makes what is mined so far survive a crash. */
  save(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when the chain has ended, asked or not. */
  readonly exited: Promise<unknown>;
}

export const EMBEDDED_CHAIN_ID = 31_337;
const STOP_MS = 4_000;

/** Starts the embedded chain in its keeper's process. @throws {ReckonError} CHAIN_UNREACHABLE. */
export async function startEmbeddedChain(paths: DataPaths, onLine: (line: string) => void): Promise<Chain> {
  const config = {
    port: await probePort(0),
    stateFile: paths.chainState,
    pidFile: paths.chainPid,
    chainId: EMBEDDED_CHAIN_ID,
  };
  const child = startChild({
    program: fileURLToPath(new URL('./keeper-main.ts', import.meta.url)),
    env: keeperEnv(config),
    onLine,
  });
  const rpcUrl = await firstMessage(child, 'embedded chain', (message) => {
    const { ready, rpcUrl: url, error } = message as { ready?: boolean; rpcUrl?: string; error?: WireError };
    if (error !== undefined) throw fromWire(error);
    return ready ? url : undefined;
  });
  let saves = 0;
  return {
    rpcUrl,
    chainId: EMBEDDED_CHAIN_ID,
    exited: child.exited,
    save() {
      saves += 1;
      const mine = saves;
      const saved = firstMessage(child, 'embedded chain', (message) => {
        const { dumped, error } = message as { dumped?: number; error?: WireError };
        if (dumped !== mine) return undefined;
        if (error !== undefined) throw fromWire(error);
        return true;
      });
      child.send({ dump: mine });
      return saved.then(() => undefined);
    },
    stop: () => child.stop(STOP_MS),
  };
}
