import { createChainReader } from '@reckon/client/chain/relay-chain';
import { walletAddress } from '@reckon/client/chain/sign-order';
import { createKeyWallet, topUp } from '@reckon/client/files/wallet';
import { postJob } from '@reckon/client/post-job';
import { createRelayClient } from '@reckon/client/relay-client';
import { systemClock } from '@reckon/kernels/engine/system-clock';
import { hasEnded, watchJob } from '@reckon/client/watch-job';
import { toReckonError } from '@reckon/protocol/base/errors';
import type { JobId } from '@reckon/protocol/base/ids';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import type { Hex } from 'viem';
import { sampleJob } from './sample-jobs.ts';

/** Between two jobs, and after a failure. */
const PAUSE_MS = 1_000;
const RETRY_MS = 10_000;

export interface SampleOptions {
  relayUrl: string;
  key: Hex;
  signal: AbortSignal;
  say: (line: string) => void;
}

/**
 * Keeps one sample job posted, so that the first tab has work at once: goes on with the job of an earlier start, and posts
 * the next when it has ended. Ends with the signal.
 */
export async function keepSamplePosted({ relayUrl, key, signal, say }: SampleOptions): Promise<void> {
  const relay = createRelayClient(relayUrl);
  for (let round = 0; !signal.aborted; ) {
    try {
      const config = await relay.config();
      const wallet = createKeyWallet(key, config, relayUrl);
      const mine = await relay.jobs({ requester: walletAddress(wallet), limit: 10 });
      const open = mine.find((job) => job.status !== 'draft' && !hasEnded(job.status));
      if (round === 0) round = mine.length;
      const jobId = open?.jobId ?? (await post(config, round));
      if (open === undefined) round += 1;
      await untilEnded(jobId);
      await systemClock.sleep(PAUSE_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      say(`the sample job waits: ${toReckonError(error).message}`);
      await systemClock.sleep(RETRY_MS, signal).catch(() => undefined); // aborted: the loop ends
    }
  }

  async function post(config: RelayConfig, round: number): Promise<JobId> {
    const job = await sampleJob(config, round);
    const wallet = createKeyWallet(key, config, relayUrl);
    const chain = createChainReader(config, relayUrl);
    await topUp(relay, config, chain, wallet, job.budget);
    const { jobId } = await postJob({ relay, config, prepared: job, wallet, chain, signal });
    return jobId;
  }

  async function untilEnded(jobId: JobId): Promise<void> {
    for await (const { job } of watchJob(relay, jobId, { signal })) if (hasEnded(job.status)) return;
  }
}
