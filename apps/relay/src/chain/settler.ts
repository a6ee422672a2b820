import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import type { Clock, Log } from '@reckon/protocol/base/ports';
import type { Epoch } from '@reckon/protocol/machine/state';
import type { Coordinator } from '../coordinator.ts';
import type { Chain, EpochPost, PostedEpoch } from './chain.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

export interface SettlerPorts {
  coordinator: Coordinator;
  chain: Chain;
  clock: Clock;
  log: Log;
  /** What was to be posted for an epoch that has left the hot state. */
  recall(epoch: number): Promise<EpochPost | undefined>;
  noteGas(epoch: number, gasUsed: number): Promise<void>;
}

/**
 * Brings the chain to the journal's newest sealed epoch, in order, and tells the journal what the chain says. An epoch
 * the chain has already is never posted again; epochs a chain has lost (restored from an older dump) are.
 */
export function createSettler({ coordinator, chain, clock, log, recall, noteGas }: SettlerPorts) {
  let running = false;
  let waitUntil = 0;
  let waitMs = FIRST_RETRY_MS;

  const waiting = (): Epoch[] => coordinator.state.epochs.filter((epoch) => epoch.status === 'sealed');

  async function journalPosted(epoch: number, posted: PostedEpoch): Promise<void> {
    const { tx, block, finalAt, gasUsed } = posted;
    await coordinator.submit({ type: 'epoch.posted', at: coordinator.stamp(), epoch, tx, block, finalAt });
    await noteGas(epoch, gasUsed);
    log.info({ epoch, tx, block, gasUsed }, 'epoch.posted');
  }

  async function adopt(epoch: Epoch): Promise<void> {
    const posted = await chain.findEpoch(epoch.number);
    if (posted === undefined) return;
    if (posted.claimsRoot !== epoch.claimsRoot) {
      // Another journal wrote to this contract: nothing here can repair that, and posting more would make it worse.
      const reason = `epoch ${epoch.number} has claims root ${posted.claimsRoot}, the journal's is ${epoch.claimsRoot}`;
      throw new ReckonError('CHAIN_REVERTED', { contract: 'Settlement', reason });
    }
    await journalPosted(epoch.number, posted);
  }

  async function postNext(epoch: number): Promise<void> {
    const post = await recall(epoch);
    if (post === undefined) {
      throw new ReckonError('UNEXPECTED', { cause: `epoch ${epoch} is not in the read model` });
    }
    await journalPosted(epoch, await chain.postEpoch(post));
  }

  async function settle(): Promise<void> {
    // The chain's number is read each time: a transaction of an earlier process may be mined meanwhile.
    for (let last = await chain.lastEpoch(); ; last = await chain.lastEpoch()) {
      for (const epoch of waiting()) if (epoch.number <= last) await adopt(epoch);
      if (last >= coordinator.state.lastEpoch) break;
      await postNext(last + 1);
    }
    const posted = coordinator.state.epochs.filter((epoch) => epoch.status === 'posted');
    if (posted.length === 0) return;
    const { time } = await chain.head();
    for (const epoch of posted) {
      if ((epoch.finalAt ?? Number.POSITIVE_INFINITY) > time) continue;
      await coordinator.submit({ type: 'epoch.final', at: coordinator.stamp(), epoch: epoch.number });
    }
  }

  return {
    /** Does what is due, unless it is at it already or waits after a failure. Never throws. */
    async poke(): Promise<void> {
      if (running || clock.now() < waitUntil) return;
      running = true;
      try {
        await settle();
        waitMs = FIRST_RETRY_MS;
      } catch (error) {
        const { code, message, details } = toReckonError(error);
        const fields = { code, error: message, retryMs: waitMs };
        // Waiting alone mends the others; this one needs somebody to pay.
        if (code === 'SETTLEMENT_SHORTFALL') log.error({ ...fields, ...details }, 'settler.blocked');
        else log.warn(fields, 'settler.failed');
        waitUntil = clock.now() + waitMs;
        waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
      } finally {
        running = false;
      }
    },
  };
}
