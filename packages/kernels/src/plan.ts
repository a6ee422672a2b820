import { ReckonError } from '@reckon/protocol/base/errors';
import { MAX_UNITS } from '@reckon/protocol/model/job-spec';
import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';

/** Lease and credits of a unit from the work in it. A lease allows a phone at 0.5 GFLOP/s, and 20 s for everything else. */
export function unitCost(gigaOperations: number): { creditsPerUnit: number; leaseMs: number } {
  return {
    creditsPerUnit: Math.max(1, Math.min(1_000_000, Math.round(gigaOperations))),
    leaseMs: Math.min(600_000, Math.round(20_000 + gigaOperations * 2_000)),
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
