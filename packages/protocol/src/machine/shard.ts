import type { ShardEvent, ShardEventOf } from '../journal/entry.ts';
import { NO_TRACE } from '../model/attestation.ts';
import type { StepResult } from './commands.ts';
import { createEffects, type Effects, ignore, isEffects } from './effects.ts';
import { dropFinished, finishEpoch, notePosted, sealEpoch } from './epoch.ts';
import { answerCheck, openUnit, refereeUnit } from './evidence.ts';
import { controlJob, dropDeadDrafts, fundJob, postJob } from './job.ts';
import { askNode, delegateNode, joinNode, leaveNode } from './node.ts';
import { commitReplica, failReplica, revealReplica } from './replica.ts';
import type { ShardState } from './state.ts';
import { tick } from './tick.ts';
import { settleTrust } from './trust.ts';

/** The state before the first event. */
export function createShard(): ShardState {
  return {
    constants: undefined,
    now: 0,
    secretCommitment: NO_TRACE,
    beacon: NO_TRACE,
    beaconBlock: 0,
    jobs: new Map(),
    nodes: new Map(),
    online: 0,
    identities: new Map(),
    accounts: new Map(),
    durations: new Map(),
    units: new Map(),
    asking: new Set(),
    openReceipts: [],
    cumulative: new Map(),
    refunds: new Map(),
    epochs: [],
    lastEpoch: 0,
    totals: {
      accepted: 0,
      verified: 0,
      checked: 0,
      disagreed: 0,
      completed: 0,
      earned: 0n,
      executions: 0,
      checkWork: 0,
      disputed: 0,
      canaries: 0,
      canariesForged: 0,
      caught: 0,
      voided: 0,
    },
  };
}

/**
 * The one step function. Applies an event to the state it owns, in place (docs/adr/0003), and says what the shell must do.
 * No clock, no randomness, no I/O; never throws on order: late or repeated events are `ignored` with a reason and change
 * nothing, not even the time.
 */
export function stepShard(state: ShardState, event: ShardEvent): StepResult {
  const before = state.now;
  // A relay's clock may be set back; the state's never is.
  state.now = Math.max(before, event.at);
  if (event.type === 'shard.opened') return open(state, event);
  if (state.constants === undefined) return ignore('not-opened');
  const result = apply(state, event);
  if (isEffects(result)) settleTrust(state, result);
  if (isEffects(result) || result.ignored === undefined) {
    if (event.type !== 'epoch.final') dropFinished(state);
    if (event.type === 'job.posted') dropDeadDrafts(state);
  } else {
    state.now = before;
  }
  return result;
}

function open(state: ShardState, event: ShardEvent & { type: 'shard.opened' }): StepResult {
  if (state.constants !== undefined) return ignore('already-open');
  const { type: _type, at: _at, secretCommitment, ...constants } = event;
  state.constants = constants;
  state.secretCommitment = secretCommitment;
  return createEffects();
}

/** A block's hash goes into the draws that follow it. */
function seeBeacon(state: ShardState, event: ShardEventOf<'beacon.seen'>): StepResult {
  if (event.block <= state.beaconBlock) return ignore('block-known');
  state.beacon = event.hash;
  state.beaconBlock = event.block;
  return createEffects();
}

function apply(state: ShardState, event: Exclude<ShardEvent, { type: 'shard.opened' }>): StepResult | Effects {
  switch (event.type) {
    case 'job.posted':
      return postJob(state, event);
    case 'job.funded':
      return fundJob(state, event);
    case 'job.controlled':
      return controlJob(state, event);
    case 'node.joined':
      return joinNode(state, event);
    case 'node.left':
      return leaveNode(state, event);
    case 'node.delegated':
      return delegateNode(state, event);
    case 'node.asked':
      return askNode(state, event);
    case 'replica.committed':
      return commitReplica(state, event);
    case 'replica.revealed':
      return revealReplica(state, event);
    case 'replica.failed':
      return failReplica(state, event);
    case 'check.answered':
      return answerCheck(state, event);
    case 'unit.refereed':
      return refereeUnit(state, event);
    case 'unit.opened':
      return openUnit(state, event);
    case 'clock.ticked':
      return tick(state, event);
    case 'beacon.seen':
      return seeBeacon(state, event);
    case 'epoch.sealed':
      return sealEpoch(state, event);
    case 'epoch.posted':
      return notePosted(state, event);
    case 'epoch.final':
      return finishEpoch(state, event);
  }
}
