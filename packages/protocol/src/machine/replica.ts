import type { NodeId, WorkUnitId } from '../base/ids.ts';
import type { ShardEventOf } from '../journal/entry.ts';
import { FIRST_BATCH, nextBatch } from '../trust/unit-size.ts';
import { NO_DURATIONS, noteDuration } from '../trust/durations.ts';
import { backoffMs } from '../trust/backoff.ts';
import { drawAudit, enterAccount, noteRun, noteUpload } from './account.ts';
import { mayCompute } from './candidates.ts';
import type { StepResult } from './commands.ts';
import { createEffects, type Effects, ignore, refuse, send } from './effects.ts';
import { identityIdOf, identityOf, isBarred } from './identity.ts';
import { isEnded } from './settle-job.ts';
import { judgeTerms, stageOf } from './stage.ts';
import type { Job, NodeRecord, ShardState, WorkUnit } from './state.ts';
import { judgeOf, stepUnit } from './trust.ts';
import { checkBy } from './unit-checks.ts';
import { verdictOf } from './unit-update.ts';
import { replicaOf } from './unit-view.ts';
import { REVEAL_MS, stepWorkUnit, type WorkUnitEvent } from './work-unit.ts';

export function findUnit(state: ShardState, workUnitId: WorkUnitId): { job: Job; unit: WorkUnit } | undefined {
  const place = state.units.get(workUnitId);
  const job = place && state.jobs.get(place.jobId);
  const unit = place && job?.units[place.index];
  return job && unit && { job, unit };
}

/** Bounds of the pause after a failure (BOINC's, cut to a tab's life). */
const BACKOFF = { minMs: 1_000, maxMs: 60_000 };
/** Failures that say the node cannot do what it said it could: never run this kernel, or not these units of it. */
const LACKS_KERNEL = new Set(['DEVICE_UNSUPPORTED', 'KERNEL_UNKNOWN', 'KERNEL_DIGEST_MISMATCH']);
const LACKS_UNITS = new Set(['DEVICE_UNSUPPORTED', 'KERNEL_MEMORY']);

/**
 * What a failure takes from a node, to be named in `lacks`. How much memory a unit wants is its job's doing, and what device
 * a requester's program asks for is the program's: neither may keep the node from other jobs.
 */
function lackOf({ id, kernel }: Job, name: string, code: string): string | undefined {
  const ofGuest = kernel.guest === true && code === 'DEVICE_UNSUPPORTED';
  if (LACKS_KERNEL.has(code) && !ofGuest) return name;
  return LACKS_UNITS.has(code) ? id : undefined;
}

/** A node seals what it found; from here on its draw is fixed. */
export function commitReplica(state: ShardState, event: ShardEventOf<'replica.committed'>): StepResult | Effects {
  const { nodeId, workUnitId, seal, draw, at } = event;
  const found = findUnit(state, workUnitId);
  if (found === undefined) return refuse('LEASE_MISSING', { workUnitId, nodeId }, workUnitId);
  if (event.beacon !== state.beacon) return ignore('other-beacon');
  const { job, unit } = found;
  const node = state.nodes.get(nodeId);
  const own = replicaOf(unit, nodeId);
  // While it was late, its place may have gone to somebody likely to be the same person, or it was caught.
  if (own?.status === 'expired' && node !== undefined && !(mayCompute(state, node, unit) && isTrusted(state, node))) {
    return answerIgnored(state, job, unit, { type: 'committed', nodeId, at, seal, draw }, 'lease-expired');
  }
  const audit = node === undefined ? undefined : drawAudit(state, job, node, draw);
  const how = audit === undefined ? {} : { audit };
  const who = node === undefined ? {} : { by: identityIdOf(state, node) };
  const result = stepReplica(state, job, unit, { type: 'committed', nodeId, ...who, at, seal, draw, ...how });
  if (node !== undefined && 'review' in result) noteSpeed(state, job, node, own?.leasedAt ?? at, at);
  return result;
}

const isTrusted = (state: ShardState, node: NodeRecord): boolean =>
  !isBarred(identityOf(state, node), state.now, state.constants?.trust.barredMs ?? 0);

/** Learns how long units of this job take on this class of device and on this node. */
function noteSpeed(state: ShardState, job: Job, node: NodeRecord, leasedAt: number, at: number): void {
  // Units wait in line on the node: one takes from the last result on.
  const ms = Math.max(1, at - Math.max(leasedAt, node.lastCommitAt));
  const key = `${job.id} ${node.capabilities.deviceClass}`;
  state.durations.set(key, noteDuration(state.durations.get(key) ?? NO_DURATIONS, ms));
  noteRun(enterAccount(state, node, job), ms);
  node.batch = nextBatch(Math.max(FIRST_BATCH, node.batch), ms * node.batch);
  node.lastCommitAt = at;
}

export function revealReplica(state: ShardState, event: ShardEventOf<'replica.revealed'>): StepResult | Effects {
  const { nodeId, workUnitId, at, tag, size: sizeBytes, near, chunks, certificate } = event;
  const found = findUnit(state, workUnitId);
  if (found === undefined) return refuse('LEASE_MISSING', { workUnitId, nodeId }, workUnitId);
  const { job, unit } = found;
  const wanted = judgeTerms(state, job).rules.certificate || replicaOf(unit, nodeId)?.audit === 'certificate';
  if (wanted && certificate === undefined) return ignore('certificate-missing');
  if (certificate?.passed === false && replicaOf(unit, nodeId)?.status === 'committed') {
    return stepReplica(state, job, unit, { type: 'condemned', nodeId, reason: 'CERTIFICATE_REJECTED' });
  }
  const cut = chunks === undefined ? {} : { chunks };
  const certified = certificate?.passed === true ? { certified: certificate.errorLog2 } : {};
  const revealed = { type: 'revealed' as const, nodeId, at, tag, sizeBytes, near, ...cut, ...certified };
  const own = replicaOf(unit, nodeId);
  const result = stepReplica(state, job, unit, revealed);
  const node = state.nodes.get(nodeId);
  if (node !== undefined && own !== undefined && 'review' in result) {
    noteUpload(enterAccount(state, node, job), sizeBytes, at - (own.deadline - REVEAL_MS));
  }
  return result;
}

/** A unit, or a check of one, that the node cannot finish. */
export function failReplica(state: ShardState, event: ShardEventOf<'replica.failed'>): StepResult | Effects {
  const { nodeId, workUnitId, code, at, draw } = event;
  const found = findUnit(state, workUnitId);
  if (found === undefined) return ignore('unit-unknown');
  const { job, unit } = found;
  const own = checkBy(unit, nodeId);
  const failed: ReplicaEvent = own === undefined ? { type: 'failed', nodeId, code } : { type: 'check-ended', nodeId };
  const result = stepReplica(state, job, unit, failed);
  const node = state.nodes.get(nodeId);
  if (node !== undefined && 'review' in result) {
    // A requester's program fails wherever it runs: the node rests for a moment, so that whoever claims failures has not all
    // units at once, but no longer each time.
    const failures = job.kernel.guest === true ? 0 : node.failures;
    node.backoffUntil = at + Math.round(backoffMs(failures, draw / 2 ** 32, BACKOFF));
    if (job.kernel.guest !== true) node.failures += 1;
    const lack = lackOf(job, stageOf(job).kernel.name, code);
    if (lack !== undefined) node.lacks.add(lack);
  }
  return result;
}

type ReplicaEvent = WorkUnitEvent & { nodeId: NodeId };

function stepReplica(state: ShardState, job: Job, unit: WorkUnit, event: ReplicaEvent): StepResult | Effects {
  const step = stepWorkUnit(unit, event, judgeOf(state, job));
  if (step.ignored !== undefined || isEnded(job.status)) {
    return answerIgnored(state, job, unit, event, step.ignored ?? 'terminal');
  }
  const effects = createEffects();
  if (event.type === 'revealed' || event.type === 'condemned') {
    send(effects, event.nodeId, { type: 'stored', workUnitIds: [unit.id] });
    effects.changes.push({ type: 'node', nodeId: event.nodeId });
  }
  stepUnit(state, job, unit, event, effects);
  return effects;
}

/** What a node is owed for a result that changes nothing: a repeated answer, or why it was not counted. */
function answerIgnored(state: ShardState, job: Job, unit: WorkUnit, event: ReplicaEvent, reason: string): StepResult {
  const { nodeId } = event;
  const { id: workUnitId } = unit;
  const own = replicaOf(unit, nodeId);
  if (event.type === 'failed' || event.type === 'check-ended') return ignore(reason);
  if (reason === 'other-seal') return refuse('SEAL_REPEATED', { workUnitId }, workUnitId);
  const lateMs = Math.max(0, state.now - (own?.deadline ?? state.now));
  switch (own?.status) {
    case undefined:
      return refuse('LEASE_MISSING', { workUnitId, nodeId }, workUnitId);
    case 'revealed':
      return ignore('repeated', [{ type: 'send', nodeId, message: { type: 'stored', workUnitIds: [workUnitId] } }]);
    case 'agreed':
    case 'disagreed':
      return ignore('repeated', [
        { type: 'send', nodeId, message: { type: 'stored', workUnitIds: [workUnitId] } },
        { type: 'send', nodeId, message: verdictOf(job, unit, own) },
      ]);
    case 'expired': {
      if (own.reason === 'not-needed' || own.reason === 'job-ended' || isEnded(job.status)) {
        const message = { ...verdictOf(job, unit, own), verdict: 'not-needed' as const };
        return ignore('not-needed', [{ type: 'send', nodeId, message }]);
      }
      return refuse('LEASE_EXPIRED', { workUnitId, lateMs }, workUnitId);
    }
    case 'leased':
      return event.type === 'revealed' || event.type === 'condemned'
        ? refuse('REVEAL_WITHOUT_COMMIT', { workUnitId }, workUnitId)
        : refuse('LEASE_EXPIRED', { workUnitId, lateMs }, workUnitId);
    case 'committed':
      return ignore(reason);
  }
}
