import type { Millis } from '../base/units.ts';
import type { StepResult } from './commands.ts';
import { overdueUnits } from './due.ts';
import { createEffects, ignore } from './effects.ts';
import { expireJobs, settleJob } from './job.ts';
import { isGraceOver, releaseLeases } from './node.ts';
import type { ShardState } from './state.ts';
import { applyUnit, stageOf } from './unit-update.ts';
import { stepWorkUnit } from './work-unit.ts';

/** Ends what has run out of time: jobs, grace periods, leases. */
export function tick(state: ShardState, at: Millis): StepResult {
  const effects = createEffects();
  expireJobs(state, at, effects);
  for (const node of state.nodes.values()) {
    if (isGraceOver(state, node, at)) releaseLeases(state, node, 'lost', at, effects);
    for (const { job, unit } of [...overdueUnits(state, node, at)]) {
      // An earlier overdue replica of the same unit may have ended this one too.
      const current = job.units[unit.index] ?? unit;
      const step = stepWorkUnit(current, { type: 'ticked', at }, stageOf(job).policy);
      if (step.ignored !== undefined) continue;
      applyUnit(state, job, current, step.unit, effects);
      settleJob(state, job, at, effects);
    }
  }
  return effects.changes.length === 0 ? ignore('nothing-due') : effects;
}
