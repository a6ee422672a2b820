import type { WorkUnitId } from '@reckon/protocol/base/ids';
import { isEnded } from '@reckon/protocol/machine/settle-job';
import type { ShardState } from '@reckon/protocol/machine/state';
import { isTerminal } from '@reckon/protocol/machine/unit-view';
import type { BatchListener } from '../batch.ts';
import type { RevealStore } from './reveal-store.ts';

function isSettled(state: ShardState, workUnitId: WorkUnitId): boolean {
  const place = state.units.get(workUnitId);
  const unit = place && state.jobs.get(place.jobId)?.units[place.index];
  return unit === undefined || isTerminal(unit);
}

/** Forgets the reveals of units once their end is on disk: what was opened stands in the journal. */
export function forgetReveals(reveals: RevealStore): BatchListener {
  return ({ changes }, state) => {
    const ended: WorkUnitId[] = [];
    for (const change of changes) {
      const job = change.type === 'unit' || change.type === 'job' ? state.jobs.get(change.jobId) : undefined;
      const unit = change.type === 'unit' ? job?.units[change.index] : undefined;
      if (unit !== undefined && isTerminal(unit)) ended.push(unit.id);
      // A job that ended around its units: what was not decided by then never is.
      if (change.type !== 'job' || job === undefined || !isEnded(job.status)) continue;
      for (const { id, decided } of job.units) if (decided === undefined && reveals.of(id).size > 0) ended.push(id);
    }
    if (ended.length === 0) return undefined;
    return () => {
      for (const workUnitId of ended) reveals.drop(workUnitId);
    };
  };
}

/** After a replay: forgets what a crash left behind of units that are settled or gone. */
export function forgetSettled(reveals: RevealStore, state: ShardState): void {
  for (const workUnitId of reveals.units()) if (isSettled(state, workUnitId)) reveals.drop(workUnitId);
}
