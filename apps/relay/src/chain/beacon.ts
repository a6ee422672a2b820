import { toReckonError } from '@reckon/protocol/base/errors';
import type { Clock, Log } from '@reckon/protocol/base/ports';
import { isLeasable } from '@reckon/protocol/machine/stage';
import type { Coordinator } from '../coordinator.ts';
import type { Chain } from './chain.ts';

/** A block hash a second would fill the journal without making draws any harder to choose. */
const LEAST_MS = 2_000;

/** Enters the newest block's hash while there is work: what is drawn then depends on it, so the relay alone cannot choose. */
export function createBeacon(ports: { coordinator: Coordinator; chain: Chain; clock: Clock; log: Log }) {
  const { coordinator, chain, clock, log } = ports;
  let running = false;
  let seenAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    const { block, hash } = await chain.head();
    if (block <= coordinator.state.beaconBlock) return;
    seenAt = clock.now();
    await coordinator.submit({ type: 'beacon.seen', at: coordinator.stamp(), block, hash });
  }

  return {
    /** Looks at the chain, if there is work and the last look was long enough ago. Never throws. */
    async poke(): Promise<void> {
      const isLive = [...coordinator.state.jobs.values()].some(isLeasable);
      if (running || !isLive || clock.now() - seenAt < LEAST_MS) return;
      running = true;
      try {
        await look();
      } catch (error) {
        // The funding watcher says when a chain is away; draws go on with the last block.
        log.debug({ error: toReckonError(error).message }, 'beacon.failed');
      } finally {
        running = false;
      }
    },
  };
}
