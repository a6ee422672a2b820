import { ReckonError } from '@reckon/protocol/base/errors';
import { Address, NodeId } from '@reckon/protocol/base/ids';
import type { Hono } from 'hono';
import * as v from 'valibot';
import { createBucket } from '../session/rate-limit.ts';
import { readJson } from './input.ts';
import type { HttpPorts } from './ports.ts';
import { json } from './problem.ts';

/** How to reach and join this relay: what every node, widget and dashboard asks first. */
export function serveConfig(app: Hono, ports: HttpPorts): void {
  app.get('/api/config', () => json(ports.config()));
  app.post('/api/session', async (context) => {
    await readJson(context, v.object({ nodeId: NodeId }));
    return json(ports.tickets.issue());
  });
}

/** For whoever runs the relay. */
export function serveHealth(app: Hono, { coordinator, metrics }: HttpPorts): void {
  app.get('/healthz', () => json({ ok: true, entries: coordinator.log.size }));
  app.get('/metrics', async () => {
    const { registry } = metrics;
    return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
  });
}

const FAUCET_PER_SECOND = 0.1;
const FAUCET_BURST = 100;

/** Test money, where the chain's money is worth nothing. */
export function serveFaucet(app: Hono, { faucet, clock }: HttpPorts): void {
  const all = createBucket(clock, FAUCET_PER_SECOND, FAUCET_BURST);
  app.post('/api/faucet', async (context) => {
    if (faucet === undefined) throw new ReckonError('NOT_FOUND', { what: 'A faucet' });
    const { address } = await readJson(context, v.object({ address: Address }));
    // An account costs nothing to make, so that the faucet's own purse is guarded over all of them.
    if (!all.take()) throw new ReckonError('FAUCET_EXHAUSTED', { account: address, retryAfterMs: 10_000 });
    return json(await faucet.give(address));
  });
}
