import type { JobId } from '@reckon/protocol/base/ids';
import type { ResultBundle, RelayConfig } from '@reckon/protocol/wire/http';
import type { RelayClient } from '../relay-client.ts';
import { type DownloadedJob, refreshBundle } from '../result/download-job.ts';
import { systemClock } from '@reckon/kernels/engine/system-clock';

const POLL_MS = 1_000;
/** Beyond two epochs: time for the transaction itself. */
const MINING_MS = 30_000;

/** Every accepted unit has receipts, all posted. */
export const isSettled = (bundle: ResultBundle): boolean =>
  bundle.units.every(
    (unit) =>
      unit.status !== 'accepted' || (unit.receipts.length > 0 && unit.receipts.every((receipt) => receipt.tx !== null)),
  );

/** The result with its receipts, or undefined when two epochs have gone by without. */
export async function awaitSettlement(
  relay: RelayClient,
  config: RelayConfig,
  jobId: JobId,
  result: DownloadedJob,
  signal: AbortSignal,
): Promise<DownloadedJob | undefined> {
  const until = systemClock.now() + 2 * config.epochMs + MINING_MS;
  while (systemClock.now() < until) {
    const { settled, spent } = await relay.job(jobId);
    if (settled >= spent) {
      const fresh = await refreshBundle(relay, result);
      if (isSettled(fresh.bundle)) return fresh;
    }
    await systemClock.sleep(POLL_MS, signal);
  }
  return undefined;
}
