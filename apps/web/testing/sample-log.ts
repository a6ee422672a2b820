import { publish } from '@reckon/protocol/testing/journal-world';
import { answerRpc } from '@reckon/client/testing/audit-server';
import { at, chainOf, playAuditWorld, RELAY_URL, serveWorld } from '@reckon/client/testing/audit-world';

/** A relay's public log and its chain, honest, tampered with, or empty: what the audit page is shown. */
export function makeSampleLogs() {
  const world = playAuditWorld();
  const { events } = world.journal;
  const entries = publish(events);
  const index = at(events, 'replica.committed', 9);
  const seal = `0x${'ab'.repeat(32)}` as const;
  const forged = publish(events.map((event, i) => (i === index && 'seal' in event ? { ...event, seal } : event)));
  const { epochs } = chainOf(world, entries);
  const logs = {
    busy: serveWorld(entries, world.blobs),
    tampered: serveWorld(forged, world.blobs),
    empty: serveWorld([], new Map()),
  };
  return {
    config: logs.busy.config,
    /** Of /log and /api/blobs. */
    fetch: (path: string, mode: keyof typeof logs): Promise<Response> => logs[mode].fetch(`${RELAY_URL}${path}`),
    rpc: (body: string, mode: keyof typeof logs): unknown => answerRpc(mode === 'empty' ? [] : epochs, body),
  };
}
