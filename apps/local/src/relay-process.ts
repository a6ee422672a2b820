import { fileURLToPath } from 'node:url';
import { fromWire, type WireError } from '@reckon/protocol/base/errors';
import type { TrustConstants } from '@reckon/protocol/model/trust-constants';
import type { Hex } from 'viem';
import { type Child, firstMessage, startChild } from './children.ts';

/** The part of the relay's configuration that is set here (apps/relay/README.md). */
export interface RelaySettings {
  dataDir: string;
  host: string;
  port: number;
  embedPort: number;
  chain: {
    rpcUrl: string;
    chainId: number;
    contracts: { token: string; escrow: string; settlement: string };
    fromBlock: number;
    token?: { symbol: string; decimals: number; test: boolean };
  };
  webDir?: string;
  embedDir?: string;
  sites: { id: string; name: string; origins: string[] }[];
  epochMs: number;
  heartbeatMs?: number;
  graceMs?: number;
  publishMs: number;
  publishLagMs: number;
  trust: Partial<TrustConstants>;
  faucet: boolean;
  logLevel: string;
}

export interface RelayKeys {
  operatorKey: Hex;
  faucetKey: Hex | undefined;
}

export interface RelayProcess {
  readonly child: Child;
  readonly port: number;
  readonly embedPort: number;
}

/** Starts a relay and waits until it serves. @throws {ReckonError} what the relay refuses with, such as PORT_IN_USE. */
export async function startRelay(
  settings: RelaySettings,
  { operatorKey, faucetKey }: RelayKeys,
  onLine: (line: string) => void,
): Promise<RelayProcess> {
  const child = startChild({
    program: fileURLToPath(import.meta.resolve('@reckon/relay/main')),
    env: {
      RECKON_CONFIG: JSON.stringify(settings),
      RECKON_OPERATOR_KEY: operatorKey,
      ...(faucetKey === undefined ? {} : { RECKON_FAUCET_KEY: faucetKey }),
    },
    onLine,
  });
  const ready = await firstMessage(child, 'relay', (message) => {
    const answer = message as { ready?: boolean; port?: number; embedPort?: number; error?: WireError };
    if (answer.error !== undefined) throw fromWire(answer.error);
    return answer.ready ? answer : undefined;
  });
  return { child, port: ready.port ?? settings.port, embedPort: ready.embedPort ?? settings.embedPort };
}
