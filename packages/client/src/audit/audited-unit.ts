import type { Random } from '@reckon/protocol/base/ports';
import type { JobId, ResultDigest, WorkUnitId } from '@reckon/protocol/base/ids';
import type { ShardEvent } from '@reckon/protocol/journal/entry';
import type { ShardState, Verdict } from '@reckon/protocol/machine/state';
import { type BlobRef, type UnitSpec, unitBlobs } from '@reckon/protocol/model/job-spec';
import type { KernelRef } from '@reckon/protocol/model/kernel-manifest';
import { createReservoir } from './reservoir.ts';

/** An accepted unit, with all that is needed to compute it again. */
export interface AuditedUnit {
  /** The `unit.opened` entry. */
  readonly entry: number;
  readonly workUnitId: WorkUnitId;
  readonly jobId: JobId;
  readonly title: string;
  readonly index: number;
  readonly kernel: KernelRef;
  readonly params: string;
  readonly blobs: readonly BlobRef[];
  readonly canonical: ResultDigest;
  readonly verdict: Verdict['by'] | undefined;
}

/** Draws among the units the replay sees accepted. */
export function createUnitSample(size: number, random: Random) {
  const drawn = createReservoir<AuditedUnit>(size, random);
  return {
    units: drawn.kept,
    get seen() {
      return drawn.seen;
    },
    observe(entry: number, event: ShardEvent, state: ShardState): void {
      if (event.type !== 'unit.opened') return;
      const place = state.units.get(event.workUnitId);
      const job = place && state.jobs.get(place.jobId);
      const unit = place && job?.units[place.index];
      const stage = job?.spec.stages[0];
      if (unit?.status !== 'accepted' || unit.canonical === undefined || job === undefined || stage === undefined)
        return;
      const spec = stage.units[unit.index] as UnitSpec;
      drawn.offer({
        entry,
        workUnitId: unit.id,
        jobId: job.id,
        title: job.spec.title,
        index: unit.index,
        kernel: stage.kernel,
        params: spec.params,
        blobs: unitBlobs(stage, spec),
        canonical: unit.canonical,
        verdict: unit.verdict?.by,
      });
    },
  };
}
