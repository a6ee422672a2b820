import type { KernelRules, UnitInput } from '@reckon/kernels/kernel';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { Job, ShardState, WorkUnit } from '@reckon/protocol/machine/state';
import type { StageSpec, UnitSpec } from '@reckon/protocol/model/job-spec';
import type { BlobStore } from '../blobs/blob-store.ts';
import { readShared } from './shared-inputs.ts';
import type { KernelCatalogue } from '../kernels.ts';

/** A unit with all that is needed to judge a result of it. */
export interface FoundUnit {
  job: Job;
  stage: StageSpec;
  spec: UnitSpec;
  unit: WorkUnit;
  rules: KernelRules;
}

/** The unit as it is now; undefined once its job has left the hot state. */
export function findUnit(state: ShardState, kernels: KernelCatalogue, workUnitId: WorkUnitId): FoundUnit | undefined {
  const place = state.units.get(workUnitId);
  const job = place && state.jobs.get(place.jobId);
  const unit = place && job?.units[place.index];
  const stage = job?.spec.stages[0];
  const spec = unit && stage?.units[unit.index];
  if (job === undefined || unit === undefined || stage === undefined || spec === undefined) return undefined;
  return { job, stage, spec, unit, rules: kernels.rules(stage.kernel.name) };
}

/** What the unit's kernel reads. @throws {ReckonError} BLOB_MISSING, BLOB_CORRUPT. */
export async function readInput(blobs: BlobStore, { stage, spec }: FoundUnit): Promise<UnitInput> {
  const shared = stage.shared.map(async ({ name, digest }) => [name, await readShared(blobs, digest)] as const);
  const own = spec.blobs.map(async ({ name, digest }) => [name, await blobs.read(digest)] as const);
  return { params: spec.params, blobs: new Map(await Promise.all([...shared, ...own])) };
}
