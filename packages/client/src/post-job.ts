import { ReckonError } from '@reckon/protocol/base/errors';
import type { JobId } from '@reckon/protocol/base/ids';
import { jobIdOf, type SignedJobOrder } from '@reckon/protocol/model/job-order';
import type { Clock } from '@reckon/protocol/base/ports';
import type { JobSummary, RelayConfig } from '@reckon/protocol/wire/http';
import type { Hex, PublicClient } from 'viem';
import { fundJob } from './chain/fund-job.ts';
import { signOrder, type Wallet } from './chain/sign-order.ts';
import { formatAmount } from './amount.ts';
import type { PreparedJob } from './prepare-job.ts';
import type { RelayClient } from './relay-client.ts';
import { systemClock } from '@reckon/kernels/engine/system-clock';

/** How long the relay may take to see a funding that is mined. */
const FUNDED_WITHIN_MS = 60_000;
const POLL_MS = 400;

/** What is happening now, for a progress line. */
export type PostStep =
  | { step: 'signing' }
  | { step: 'signed'; signed: SignedJobOrder; jobId: JobId }
  | { step: 'uploading'; bytes: number; total: number }
  | { step: 'posting' }
  | { step: 'funding' }
  | { step: 'awaiting-escrow'; tx: Hex | null };

export interface PostJobOptions {
  relay: RelayClient;
  config: RelayConfig;
  prepared: PreparedJob;
  wallet: Wallet;
  /** Reads the chain; `createChainReader`. */
  chain: PublicClient;
  /** An order signed before, to go on with after a break. Every step that is done already is passed over. */
  signed?: SignedJobOrder;
  onStep?: (step: PostStep) => void;
  signal?: AbortSignal;
  clock?: Clock;
}

export interface PostedJob {
  jobId: JobId;
  signed: SignedJobOrder;
  /** The job as the relay told it once its escrow was seen. */
  job: JobSummary;
  funding: { tx: Hex | null; gasUsed: bigint };
}

/**
 * Signs, uploads, posts and funds a job, then waits until the relay has seen the escrow. Keep the `signed` order of the
 * second step: calling again with it resumes and never pays twice.
 * @throws {ReckonError} what each step refuses; nothing is spent before `funding`.
 */
export async function postJob(options: PostJobOptions): Promise<PostedJob> {
  const { relay, config, prepared, wallet, chain, onStep, signal } = options;
  if (options.signed === undefined) onStep?.({ step: 'signing' });
  const signed = options.signed ?? (await signOrder(wallet, config, prepared));
  requireSame(signed, prepared);
  onStep?.({ step: 'signed', signed, jobId: jobIdOf(signed.order) });
  const jobId = jobIdOf(signed.order);
  const known = options.signed === undefined ? undefined : await findJob(relay, jobId);
  if (known !== undefined && known.status !== 'draft') {
    return { jobId, signed, job: known, funding: { tx: null, gasUsed: 0n } };
  }
  if (known === undefined) {
    await uploadBlobs(options);
    signal?.throwIfAborted();
    onStep?.({ step: 'posting' });
    await relay.postJob(signed);
  }
  onStep?.({ step: 'funding' });
  const funding = await fundJob({ wallet, chain, config, order: signed.order });
  onStep?.({ step: 'awaiting-escrow', tx: funding.tx });
  const job = await awaitEscrow(options, jobId, signed);
  return { jobId, signed, job, funding };
}

async function findJob(relay: RelayClient, jobId: JobId): Promise<JobSummary | undefined> {
  try {
    return await relay.job(jobId);
  } catch (error) {
    if (error instanceof ReckonError && error.code === 'JOB_UNKNOWN') return undefined;
    throw error;
  }
}

function requireSame({ order }: SignedJobOrder, prepared: PreparedJob): void {
  if (order.specDigest !== prepared.specDigest) {
    const [expected, received] = [prepared.specDigest, order.specDigest];
    throw new ReckonError('ORDER_MISMATCH', { field: 'specDigest', expected, received });
  }
  if (order.budget < prepared.budget) {
    const [expected, received] = [prepared.budget.toString(), order.budget.toString()];
    throw new ReckonError('ORDER_MISMATCH', { field: 'budget', expected, received });
  }
}

/** Uploads one blob after the other and reports bytes over all of them. */
async function uploadBlobs({ relay, prepared, onStep, signal }: PostJobOptions): Promise<void> {
  const total = prepared.blobs.reduce((sum, blob) => sum + blob.bytes.length, 0);
  let before = 0;
  for (const { bytes } of prepared.blobs) {
    const done = before;
    const onProgress = (sent: number) => onStep?.({ step: 'uploading', bytes: done + sent, total });
    await relay.uploadBlob(bytes, { onProgress, ...(signal === undefined ? {} : { signal }) });
    before += bytes.length;
  }
}

async function awaitEscrow(options: PostJobOptions, jobId: JobId, { order }: SignedJobOrder): Promise<JobSummary> {
  const { relay, config, signal, clock = systemClock } = options;
  const until = clock.now() + FUNDED_WITHIN_MS;
  for (;;) {
    const job = await relay.job(jobId);
    if (job.status !== 'draft') return job;
    if (clock.now() >= until) {
      const [expected, received] = [formatAmount(order.budget, config.token), formatAmount(job.funded, config.token)];
      throw new ReckonError('ESCROW_TOO_SMALL', { jobId, expected, received });
    }
    await clock.sleep(POLL_MS, signal);
  }
}
