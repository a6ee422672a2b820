import type { NodeId, WorkUnitId } from '../base/ids.ts';
import type { ShardEventOf } from '../journal/entry.ts';
import { type UnitSpec, unitInputDigest } from '../model/job-spec.ts';
import type { StepResult } from './commands.ts';
import { createEffects, ignore, refuse, send } from './effects.ts';
import { isEnded, settleJob } from './job.ts';
import type { Job, ShardState, WorkUnit } from './state.ts';
import { applyUnit, stageOf, verdictOf } from './unit-update.ts';
import { stepWorkUnit, type WorkUnitEvent } from './work-unit.ts';

function findUnit(state: ShardState, workUnitId: WorkUnitId): { job: Job; unit: WorkUnit } | undefined {
  const place = state.units.get(workUnitId);
  const job = place && state.jobs.get(place.jobId);
  const unit = place && job?.units[place.index];
  return job && unit && { job, unit };
}

/** A signed result arrives; its leaf must name exactly what was leased. */
export function commitReplica(state: ShardState, event: ShardEventOf<'replica.committed'>): StepResult {
  const { nodeId, attestation, at } = event;
  const { leaf } = attestation;
  const found = findUnit(state, leaf.workUnitId);
  if (found === undefined) return refuse('LEASE_MISSING', { workUnitId: leaf.workUnitId, nodeId }, leaf.workUnitId);
  const { job, unit } = found;
  const stage = stageOf(job);
  const inputDigest = unitInputDigest(stage, stage.units[unit.index] as UnitSpec);
  for (const [field, expected, received] of [
    ['kernelDigest', stage.kernel.digest, leaf.kernelDigest],
    ['inputDigest', inputDigest, leaf.inputDigest],
  ] as const) {
    if (expected !== received) {
      return refuse('ATTESTATION_MISMATCH', { workUnitId: unit.id, field, expected, received }, unit.id);
    }
  }
  return stepReplica(state, job, unit, { type: 'committed', nodeId, at, attestation });
}

export function revealReplica(state: ShardState, event: ShardEventOf<'replica.revealed'>): StepResult {
  const { nodeId, workUnitId, at, resultDigest: digest, size: sizeBytes, near } = event;
  const found = findUnit(state, workUnitId);
  if (found === undefined) return refuse('LEASE_MISSING', { workUnitId, nodeId }, workUnitId);
  return stepReplica(state, found.job, found.unit, { type: 'revealed', nodeId, at, digest, sizeBytes, near });
}

export function failReplica(state: ShardState, event: ShardEventOf<'replica.failed'>): StepResult {
  const { nodeId, workUnitId, code } = event;
  const found = findUnit(state, workUnitId);
  if (found === undefined) return ignore('unit-unknown');
  return stepReplica(state, found.job, found.unit, { type: 'failed', nodeId, code }, event.at);
}

type ReplicaEvent = WorkUnitEvent & { nodeId: NodeId };

function stepReplica(state: ShardState, job: Job, unit: WorkUnit, event: ReplicaEvent, at = state.now): StepResult {
  const step = stepWorkUnit(unit, event, stageOf(job).policy);
  if (step.ignored !== undefined || isEnded(job.status)) {
    return answerIgnored(job, unit, event, step.ignored ?? 'terminal', at);
  }
  const effects = createEffects();
  if (event.type === 'revealed') {
    send(effects, event.nodeId, { type: 'stored', workUnitIds: [unit.id] });
    effects.changes.push({ type: 'node', nodeId: event.nodeId });
  }
  applyUnit(state, job, unit, step.unit, effects);
  settleJob(state, job, at, effects);
  return effects;
}

/** What a node is owed for a result that changes nothing: a repeated answer, or why it was not counted. */
function answerIgnored(job: Job, unit: WorkUnit, event: ReplicaEvent, reason: string, at: number): StepResult {
  const { nodeId } = event;
  const own = unit.replicas.find((replica) => replica.nodeId === nodeId);
  if (event.type === 'failed') return ignore(reason);
  const expected = own?.resultDigest;
  const received = event.type === 'committed' ? event.attestation.leaf.resultDigest : undefined;
  if (own !== undefined && own.attestation !== undefined && received !== undefined && expected !== received) {
    const details = { workUnitId: unit.id, field: 'resultDigest', expected: expected ?? 'none', received };
    return refuse('ATTESTATION_MISMATCH', details, unit.id);
  }
  switch (own?.status) {
    case undefined:
      return refuse('LEASE_MISSING', { workUnitId: unit.id, nodeId }, unit.id);
    case 'revealed':
      return ignore('repeated', [{ type: 'send', nodeId, message: { type: 'stored', workUnitIds: [unit.id] } }]);
    case 'agreed':
    case 'disagreed':
      return ignore('repeated', [
        { type: 'send', nodeId, message: { type: 'stored', workUnitIds: [unit.id] } },
        { type: 'send', nodeId, message: verdictOf(job, unit, own) },
      ]);
    case 'expired': {
      if (own.reason === 'not-needed' || own.reason === 'job-ended' || isEnded(job.status)) {
        const message = { ...verdictOf(job, unit, own), verdict: 'not-needed' as const };
        return ignore('not-needed', [{ type: 'send', nodeId, message }]);
      }
      return refuse('LEASE_EXPIRED', { workUnitId: unit.id, lateMs: Math.max(0, at - own.deadline) }, unit.id);
    }
    case 'leased':
      return refuse('LEASE_EXPIRED', { workUnitId: unit.id, lateMs: Math.max(0, at - own.deadline) }, unit.id);
    case 'committed':
      return ignore(reason);
  }
}
