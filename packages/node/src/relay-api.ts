import { ReckonError } from '@reckon/protocol/base/errors';
import type { NodeId } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import { NodeUnits, RelayConfig, SessionTicket } from '@reckon/protocol/wire/http';
import type * as v from 'valibot';
import type { Verdict } from './ledger.ts';

/** The three things a node asks a relay over HTTP (docs/api.md). */

/** @throws {ReckonError} RELAY_UNREACHABLE, or MESSAGE_INVALID when the answer has another shape. */
async function ask<S extends v.GenericSchema>(url: string, schema: S, init: RequestInit): Promise<v.InferOutput<S>> {
  let body: unknown;
  try {
    const response = await fetch(url, init);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    body = await response.json();
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw new ReckonError('RELAY_UNREACHABLE', { url, cause: error instanceof Error ? error.message : String(error) });
  }
  return parse(schema, body);
}

/** @param origin such as `http://127.0.0.1:8787`. @throws {ReckonError} RELAY_UNREACHABLE, MESSAGE_INVALID */
export const fetchRelayConfig = (origin: string, signal?: AbortSignal): Promise<RelayConfig> =>
  ask(`${origin}/api/config`, RelayConfig, signal === undefined ? {} : { signal });

/** Leave for one signalling connection. @throws {ReckonError} RELAY_UNREACHABLE, MESSAGE_INVALID */
export const requestTicket = (origin: string, nodeId: NodeId, signal: AbortSignal): Promise<SessionTicket> =>
  ask(`${origin}/api/session`, SessionTicket, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nodeId }),
    signal,
  });

/** What the network decided of this node's newest results. @throws {ReckonError} RELAY_UNREACHABLE, MESSAGE_INVALID */
export async function fetchVerdicts(origin: string, nodeId: NodeId): Promise<Verdict[]> {
  const { units } = await ask(`${origin}/api/nodes/${nodeId}/units?limit=100`, NodeUnits, {});
  return units.flatMap(({ workUnitId, status, credits, reward, reason }) =>
    status === 'agreed' || status === 'disagreed' || status === 'expired'
      ? [{ workUnitId, verdict: status, credits, reward, ...(reason === null ? {} : { why: reason }) }]
      : [],
  );
}

/** The address of the relay's WebSocket. */
export const webSocketUrl = (origin: string, config: Pick<RelayConfig, 'webSocketPath'>): string =>
  new URL(config.webSocketPath, origin.replace(/^http/, 'ws')).href;
