import { ReckonError } from '@reckon/protocol/base/errors';
import { MAX_UNITS } from '@reckon/protocol/model/job-spec';
import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';

/**
 * Credits of a unit from the work expected in it, and its lease from the most that may be in it, both in 10⁹ operations.
 * A lease allows a phone at half of that a second, and 20 s for everything else.
 */
export function unitCost(expected: number, most = expected): { creditsPerUnit: number; leaseMs: number } {
  return {
    creditsPerUnit: Math.max(1, Math.min(1_000_000, Math.round(expected))),
    leaseMs: Math.min(600_000, Math.round(20_000 + most * 2_000)),
  };
}

/** @throws {ReckonError} KERNEL_PARAMS_INVALID when a stage would have more units than a job may. */
export function checkUnitCount(manifest: KernelManifest, param: string, value: number, units: number): void {
  if (units <= MAX_UNITS) return;
  throw new ReckonError('KERNEL_PARAMS_INVALID', {
    kernel: kernelName(manifest),
    path: param,
    expected: `a value that gives at most ${MAX_UNITS} units`,
    received: `${value}, which gives ${units}`,
  });
}
