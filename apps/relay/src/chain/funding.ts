import { toReckonError } from '@reckon/protocol/base/errors';
import type { JobId } from '@reckon/protocol/base/ids';
import type { Log } from '@reckon/protocol/base/ports';
import type { Coordinator } from '../coordinator.ts';
import type { Chain } from './chain.ts';

/** Blocks asked for at once: public RPC servers refuse wide ranges. */
const MAX_BLOCKS = 2000;

/**
 * Watches the escrow: tells the journal what the chain holds for a job. Every draft is looked up once when the relay
 * starts and when it is posted; after that the escrow's events say which.
 */
export function createFundingWatcher(ports: { coordinator: Coordinator; chain: Chain; log: Log }) {
  const { coordinator, chain, log } = ports;
  let running = false;
  let seenThrough: number | undefined;
  let reachable = true;

  async function look(jobId: JobId, block: number): Promise<void> {
    const job = coordinator.state.jobs.get(jobId);
    if (job === undefined) return;
    const total = await chain.fundedTotal(jobId);
    if (total <= job.funded) return;
    await coordinator.submit({ type: 'job.funded', at: coordinator.stamp(), jobId, total, block });
    log.info({ jobId, total: total.toString(), block }, 'job.funded');
  }

  async function lookAtDrafts(block: number): Promise<void> {
    for (const job of [...coordinator.state.jobs.values()]) if (job.status === 'draft') await look(job.id, block);
  }

  async function advance(): Promise<void> {
    const { block } = await chain.head();
    // A chain restored from an older dump goes back: start over from there.
    if (seenThrough === undefined || block < seenThrough) {
      await lookAtDrafts(block);
      seenThrough = block;
    }
    while (seenThrough < block) {
      const to = Math.min(block, seenThrough + MAX_BLOCKS);
      for (const { jobId, block: at } of await chain.fundedJobs(seenThrough + 1, to)) await look(jobId, at);
      seenThrough = to;
    }
  }

  return {
    /** Reads what is new. Never throws; an unreachable chain is said once. */
    async poke(): Promise<void> {
      if (running) return;
      running = true;
      try {
        await advance();
        reachable = true;
      } catch (error) {
        const { code, message } = toReckonError(error);
        if (reachable) log.warn({ code, error: message }, 'funding.failed');
        reachable = false;
      } finally {
        running = false;
      }
    },
    /** Looks one job up now: it may have been funded before it was posted. Never throws. */
    async check(jobId: JobId): Promise<void> {
      try {
        await look(jobId, (await chain.head()).block);
      } catch (error) {
        log.warn({ jobId, error: toReckonError(error).message }, 'funding.failed');
      }
    },
  };
}
