import type { ShardEventOf } from '../journal/entry.ts';
import { backoffMs } from '../trust/backoff.ts';
import type { StepResult } from './commands.ts';
import { overdueChecks, overdueUnits } from './due.ts';
import { createEffects, type Effects, ignore } from './effects.ts';
import { expireJobs } from './job.ts';
import { isGraceOver, releaseLeases } from './node.ts';
import type { NodeRecord, ShardState } from './state.ts';
import { stepUnit } from './trust.ts';

const BACKOFF = { minMs: 1_000, maxMs: 60_000 };

/** Ends what has run out of time: jobs, grace periods, leases of units and of checks. */
export function tick(state: ShardState, { at, draw }: ShardEventOf<'clock.ticked'>): StepResult | Effects {
  const effects = createEffects();
  expireJobs(state, at, effects);
  for (const node of state.nodes.values()) {
    if (isGraceOver(state, node, at)) releaseLeases(state, node, 'lost', effects);
    let late = false;
    for (const { job, unit } of [...overdueUnits(state, node, at)]) {
      // An earlier overdue replica of the same unit may have ended this one too.
      const current = job.units[unit.index] ?? unit;
      late = stepUnit(state, job, current, { type: 'ticked', at }, effects) || late;
    }
    for (const { job, unit } of [...overdueChecks(state, node, at)]) {
      const current = job.units[unit.index] ?? unit;
      late = stepUnit(state, job, current, { type: 'check-ended', nodeId: node.id }, effects) || late;
    }
    if (late) backOff(node, at, draw);
  }
  return effects.changes.length === 0 ? ignore('nothing-due') : effects;
}

/** A node that let leases run out waits before it gets more, longer each time. */
function backOff(node: NodeRecord, at: number, draw: number): void {
  node.backoffUntil = at + Math.round(backoffMs(node.failures, draw / 2 ** 32, BACKOFF));
  node.failures += 1;
}
