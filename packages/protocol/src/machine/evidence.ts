import { fromHex } from '../base/bytes.ts';
import type { Hash, NodeId } from '../base/ids.ts';
import type { ShardEventOf } from '../journal/entry.ts';
import type { LeafAttestation } from '../model/attestation.ts';
import { type UnitSpec, unitInputDigest } from '../model/job-spec.ts';
import { resultTag } from '../trust/beacon.ts';
import { verifyOpening } from '../trust/chunk-tree.ts';
import { sealResult } from '../trust/seal.ts';
import type { StepResult } from './commands.ts';
import { createEffects, type Effects, ignore, refuse } from './effects.ts';
import { findUnit } from './replica.ts';
import { judgeTerms, stageOf } from './stage.ts';
import type { Check, Job, Replica, ShardState, WorkUnit } from './state.ts';
import { stepUnit } from './trust.ts';
import { checkBy } from './unit-checks.ts';
import { replicaOf, revealedOf } from './unit-view.ts';

/** A checker's answer is held against the openings of the result it checks. */
export function answerCheck(state: ShardState, event: ShardEventOf<'check.answered'>): StepResult | Effects {
  const { nodeId, workUnitId, answer, openings, draw } = event;
  const found = findUnit(state, workUnitId);
  const check = found && checkBy(found.unit, nodeId);
  if (found === undefined || check === undefined) return refuse('LEASE_MISSING', { workUnitId, nodeId }, workUnitId);
  const { job, unit } = found;
  const subject = replicaOf(unit, check.subject);
  const { chunks } = subject ?? {};
  if (chunks === undefined) return ignore('not-sampled');
  const expected = check.chunks.join();
  const received = answer.chunks.map(({ index }) => index).join();
  if (expected !== received || openings.length !== check.chunks.length) {
    return refuse('ATTESTATION_MISMATCH', { workUnitId, field: 'chunks', expected, received }, workUnitId);
  }
  const fits = openings.every(({ digest, path }, i) =>
    verifyOpening({ ...chunks, index: check.chunks[i] as number, digest, path }),
  );
  if (!fits) return ignore('opening-invalid');
  const at = answer.chunks.findIndex(({ digest }, i) => digest !== openings[i]?.digest);
  const effects = createEffects();
  const dispute: Check['dispute'] | undefined =
    at < 0
      ? undefined
      : {
          index: check.chunks[at] as number,
          answered: answer.chunks[at]?.digest as Hash,
          opened: openings[at]?.digest as Hash,
        };
  // Asked first, so that the answer cannot decide the unit before the relay has looked.
  if (dispute === undefined) recheckSome(state, job, unit, check, draw, effects);
  const current = job.units[unit.index] as WorkUnit;
  stepUnit(state, job, current, { type: 'check-answered', nodeId, ...(dispute && { dispute }) }, effects);
  effects.changes.push({ type: 'node', nodeId });
  return effects;
}

/** Checkers are themselves sampled: of some that agreed the relay recomputes a chunk. */
function recheckSome(state: ShardState, job: Job, unit: WorkUnit, check: Check, draw: number, effects: Effects): void {
  const share = judgeTerms(state, job).trust.recheckShare;
  if (draw / 2 ** 32 >= share || !revealedOf(unit).some((replica) => replica.nodeId === check.subject)) return;
  const chunk = check.chunks[draw % check.chunks.length] as number;
  stepUnit(state, job, unit, { type: 'recheck-asked', index: chunk }, effects);
}

/** The relay recomputed a chunk: whoever has another one is wrong. */
export function refereeUnit(state: ShardState, event: ShardEventOf<'unit.refereed'>): StepResult | Effects {
  const found = findUnit(state, event.workUnitId);
  if (found === undefined) return ignore('unit-unknown');
  const { job, unit } = found;
  const digests = new Map(event.results.map(({ tag, digest }) => [tag, digest]));
  if (!revealedOf(unit).every(({ tag }) => tag !== undefined && digests.has(tag))) return ignore('results-missing');
  const effects = createEffects();
  const { index, digest } = event;
  if (!stepUnit(state, job, unit, { type: 'refereed', index, digest, digests }, effects)) return ignore('not-asked');
  const { referee } = job.units[unit.index] as WorkUnit;
  // Results that still differ are the same question once more.
  if (referee !== undefined && referee === unit.referee) {
    effects.commands.push({ type: 'referee', workUnitId: unit.id, index: referee });
  }
  return effects;
}

/** Why an opened result is not the one that was sealed; undefined when it is. */
function misfit(job: Job, unit: WorkUnit, own: Replica, salt: Hash, leaf: LeafAttestation['leaf'], key: Uint8Array) {
  const stage = stageOf(job);
  const { resultDigest, traceRoot } = leaf;
  const seal = sealResult({ nodeId: own.nodeId, workUnitId: unit.id, resultDigest, traceRoot, salt });
  if (leaf.workUnitId !== unit.id) return 'workUnitId';
  if (leaf.kernelDigest !== stage.kernel.digest) return 'kernelDigest';
  if (leaf.inputDigest !== unitInputDigest(stage, stage.units[unit.index] as UnitSpec)) return 'inputDigest';
  if (seal !== own.seal) return 'seal';
  if (resultTag(key, unit.id, resultDigest) !== own.tag) return 'tag';
  if (own.chunks !== undefined && own.chunks.root !== traceRoot) return 'traceRoot';
  return undefined;
}

/** A decided unit's results come into the open; all of them must be what was sealed. */
export function openUnit(state: ShardState, event: ShardEventOf<'unit.opened'>): StepResult | Effects {
  const found = findUnit(state, event.workUnitId);
  if (found === undefined) return ignore('unit-unknown');
  const { job, unit } = found;
  const key = fromHex(event.tagKey);
  const opened = new Map<NodeId, LeafAttestation>();
  for (const { nodeId, salt, attestation } of event.results) {
    const own = replicaOf(unit, nodeId);
    if (own?.status !== 'revealed') return ignore('not-revealed');
    const field = misfit(job, unit, own, salt, attestation.leaf, key);
    if (field !== undefined) return ignore(`opened-other-${field}`);
    opened.set(nodeId, attestation);
  }
  if (!revealedOf(unit).every(({ nodeId }) => opened.has(nodeId))) return ignore('results-missing');
  const effects = createEffects();
  return stepUnit(state, job, unit, { type: 'opened', results: opened }, effects) ? effects : ignore('not-decided');
}
