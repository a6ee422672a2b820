import { ReckonError } from '@reckon/protocol/base/errors';
import type { RunOutput } from '../kernel.ts';
import type { WorkerUnit } from './worker-api.ts';

/**
 * The worker asks this of its kernel, and the pool again of its worker, whom it does not trust.
 * @throws {ReckonError} KERNEL_RESULT_TOO_LARGE
 */
export function requireSize({ kernel, maxResultBytes, chunks }: WorkerUnit, { bytes, certificate }: RunOutput): void {
  // The names and lengths of packed chunks come on top of what they hold.
  const limitBytes = maxResultBytes + 32 * (chunks?.length ?? 0);
  const sizeBytes = Math.max(bytes.length, certificate?.length ?? 0);
  if (sizeBytes > limitBytes) throw new ReckonError('KERNEL_RESULT_TOO_LARGE', { kernel, limitBytes, sizeBytes });
}
