import type { Hash, NodeId } from '../base/ids.ts';
import type { Millis } from '../base/units.ts';
import type { LeafAttestation } from '../model/attestation.ts';
import { decide, type Judge } from './decide.ts';
import type { Check, Replica, WholeCheck, WorkUnit } from './state.ts';
import { checkBy, judgeChunk, withCheck } from './unit-checks.ts';
import {
  groupsOf,
  isDecided,
  isDisputed,
  isLive,
  isTerminal,
  mayLease,
  outlook,
  replicaOf,
  replicasNeeded,
} from './unit-view.ts';

export type WorkUnitEvent =
  /** `extra`: beyond what the unit asks for. A canary or a recheck wants one agreeing result more; a spare races a slow node. */
  | { type: 'leased'; nodeId: NodeId; at: Millis; leaseMs: Millis; extra?: 'canary' | 'recheck' | 'spare' }
  | { type: 'committed'; nodeId: NodeId; by?: string; at: Millis; seal: Hash; draw: Hash; audit?: WholeCheck }
  | {
      type: 'revealed';
      nodeId: NodeId;
      at: Millis;
      tag: Hash;
      sizeBytes: number;
      near: readonly Hash[];
      chunks?: { root: Hash; count: number };
      /** log2 of the chance that the certificate passed although the result is wrong. */
      certified?: number;
    }
  /** The kernel failed there; this node is not asked again. */
  | { type: 'failed'; nodeId: NodeId; code: string }
  /** The node went away; its lease returns to the queue. */
  | { type: 'released'; nodeId: NodeId; reason: string }
  /** Its result is known to be wrong, or void because its node was caught. */
  | { type: 'condemned'; nodeId: NodeId; reason: string }
  /** Its node turned out to be the same person's as another one with a part in the unit. */
  | { type: 'dropped'; nodeId: NodeId }
  | ({ type: 'check-leased'; nodeId: NodeId; at: Millis; leaseMs: Millis } & Pick<Check, 'subject' | 'chunks' | 'by'>)
  | { type: 'check-answered'; nodeId: NodeId; dispute?: Check['dispute'] }
  | { type: 'check-ended'; nodeId: NodeId }
  | { type: 'recheck-asked'; index: number }
  | { type: 'refereed'; index: number; digest: Hash; digests: ReadonlyMap<Hash, Hash> }
  /** What is known of a node has changed: decide again. */
  | { type: 'reviewed' }
  | { type: 'opened'; results: ReadonlyMap<NodeId, LeafAttestation> }
  | { type: 'ticked'; at: Millis }
  /** The job ended around the unit. */
  | { type: 'withdrawn'; reason: string };

export type Ignored =
  | 'terminal'
  | 'duplicate-node'
  | 'enough-leased'
  | 'not-leased'
  | 'lease-expired'
  | 'repeated'
  | 'other-seal'
  | 'other-tag'
  | 'not-committed'
  | 'not-decided'
  | 'not-asked'
  | 'nothing-due';

export type WorkUnitStep = { unit: WorkUnit; ignored?: Ignored };

/** After a commit, its bytes have this long to arrive. */
export const REVEAL_MS: Millis = 30_000;

function withReplica(unit: WorkUnit, replica: Replica): WorkUnit {
  const others = unit.replicas.filter((other) => other.nodeId !== replica.nodeId);
  return { ...unit, replicas: [...others, replica] };
}

const expire = (replica: Replica, reason: string): Replica => ({ ...replica, status: 'expired', reason });

function lease(unit: WorkUnit, event: WorkUnitEvent & { type: 'leased' }, judge: Judge): WorkUnitStep {
  const { nodeId, at, leaseMs, extra } = event;
  if (!mayLease(unit, nodeId)) return { unit, ignored: 'duplicate-node' };
  const room = extra === undefined ? replicasNeeded(unit, judge.rules) : outlook(unit, judge.rules).free;
  if (room <= 0 || (extra !== undefined && unit.replicas.length === 0)) return { unit, ignored: 'enough-leased' };
  const canary = extra === 'canary' ? { canary: true as const } : {};
  const replica: Replica = { nodeId, status: 'leased', leasedAt: at, deadline: at + leaseMs, near: [], ...canary };
  // Never more than can be had: a wish that cannot be met would keep the unit open for ever.
  const target = extra === 'canary' || extra === 'recheck' ? Math.max(unit.target, groupSize(unit) + 1) : unit.target;
  return { unit: { ...withReplica(unit, replica), status: 'issued', target } };
}

const groupSize = (unit: WorkUnit): number => groupsOf(unit)[0]?.members.length ?? 0;

function commit(unit: WorkUnit, event: WorkUnitEvent & { type: 'committed' }, judge: Judge): WorkUnitStep {
  const own = replicaOf(unit, event.nodeId);
  if (own === undefined) return { unit, ignored: 'not-leased' };
  if (own.status !== 'leased' && own.status !== 'expired') {
    return { unit, ignored: own.seal === event.seal ? 'repeated' : 'other-seal' };
  }
  // Late, or after a reload: it still counts while the unit is open and has room for one more result.
  if (own.status === 'expired' && (!mayLease(unit, own.nodeId) || outlook(unit, judge.rules).free <= 0)) {
    return { unit, ignored: 'lease-expired' };
  }
  const { reason: _reason, ...rest } = own;
  const { seal, draw, audit, at, by } = event;
  const replica: Replica = {
    ...rest,
    status: 'committed',
    seal,
    draw,
    deadline: at + REVEAL_MS,
    ...(by && { by }),
    ...(audit === undefined ? {} : { audit }),
  };
  const target = audit === 'execution' ? Math.max(unit.target, 2) : unit.target;
  return { unit: { ...withReplica(unit, replica), status: 'issued', target } };
}

function reveal(unit: WorkUnit, event: WorkUnitEvent & { type: 'revealed' }): WorkUnitStep {
  const own = replicaOf(unit, event.nodeId);
  if (own?.status === 'revealed') return { unit, ignored: 'repeated' };
  if (own?.status !== 'committed') return { unit, ignored: 'not-committed' };
  const { tag, sizeBytes, near, chunks, certified, at } = event;
  const passed = certified === undefined ? {} : { certified, passed: true as const };
  const replica: Replica = {
    ...own,
    status: 'revealed',
    tag,
    sizeBytes,
    near,
    revealedAt: at,
    ...(chunks === undefined ? {} : { chunks }),
    ...passed,
  };
  return { unit: withReplica(unit, replica) };
}

/** Ends live replicas for which `reasonOf` gives a reason. */
function end(unit: WorkUnit, reasonOf: (replica: Replica) => string | undefined): WorkUnitStep {
  let any = false;
  const replicas = unit.replicas.map((own) => {
    const reason = isLive(own) ? reasonOf(own) : undefined;
    any ||= reason !== undefined;
    return reason === undefined ? own : expire(own, reason);
  });
  return any ? { unit: { ...unit, replicas } } : { unit, ignored: 'nothing-due' };
}

function condemn(unit: WorkUnit, nodeId: NodeId, reason: string): WorkUnit {
  const own = replicaOf(unit, nodeId);
  if (own?.status !== 'committed' && own?.status !== 'revealed') return unit;
  const { passed: _passed, certified: _certified, ...rest } = own;
  const condemned: Replica = { ...rest, status: 'disagreed', reason };
  // Whoever was to check it, need not.
  const checks = unit.checks.map((check) =>
    check.subject === nodeId && check.status === 'leased' ? { ...check, status: 'expired' as const } : check,
  );
  return withdrawQuestion({ ...withReplica(unit, condemned), checks });
}

/** Where nobody differs any more the referee would find nothing wrong, and the unit would wait for its answer for ever. */
function withdrawQuestion(unit: WorkUnit): WorkUnit {
  if (unit.referee !== -1 || isDisputed(groupsOf(unit), unit)) return unit;
  const { referee: _referee, ...rest } = unit;
  return rest;
}

/** Takes out a node's part in the unit: it turned out to be the same person's as another's, who would agree with themself. */
function drop(unit: WorkUnit, nodeId: NodeId): WorkUnitStep {
  const own = replicaOf(unit, nodeId);
  const counts = own !== undefined && (isLive(own) || own.status === 'revealed');
  const checks = unit.checks.map((check): Check => {
    const itsOwn = check.checker === nodeId && (check.status === 'leased' || check.status === 'passed');
    const ofIt = counts && check.subject === nodeId && check.status === 'leased';
    return itsOwn || ofIt ? { ...check, status: 'expired' } : check;
  });
  if (!counts && checks.every((check, i) => check === unit.checks[i])) return { unit, ignored: 'not-leased' };
  const after = { ...unit, checks };
  return { unit: withdrawQuestion(counts ? withReplica(after, expire(own, 'same-person')) : after) };
}

/** Agreement of two nodes is a whole check that each has passed. */
function notePassed(unit: WorkUnit): WorkUnit {
  const passed = new Set(groupsOf(unit).flatMap(({ members }) => (members.length > 1 ? members : [])));
  const replicas = unit.replicas.map((own): Replica => {
    return passed.has(own.nodeId) && own.passed === undefined ? { ...own, passed: true } : own;
  });
  return { ...unit, replicas };
}

/** Results come into the open: the members of the chosen group agreed, the others did not. */
function open(unit: WorkUnit, attestations: ReadonlyMap<NodeId, LeafAttestation>): WorkUnitStep {
  if (unit.decided === undefined || isTerminal(unit)) return { unit, ignored: 'not-decided' };
  const group = groupsOf(unit).find(({ tag }) => tag === unit.decided);
  const replicas = unit.replicas.map((own): Replica => {
    const attestation = attestations.get(own.nodeId);
    if (own.status !== 'revealed' || attestation === undefined) return own;
    const { resultDigest } = attestation.leaf;
    const agreed = group?.members.includes(own.nodeId) === true;
    const opened = { ...own, attestation, resultDigest };
    return agreed ? { ...opened, status: 'agreed' } : { ...opened, status: 'disagreed', reason: 'RESULT_OUTVOTED' };
  });
  const canonical = replicas.find((own) => own.tag === unit.decided && own.status === 'agreed')?.resultDigest;
  if (canonical === undefined) return { unit, ignored: 'not-decided' };
  return { unit: { ...unit, status: 'accepted', canonical, replicas } };
}

function withdraw(unit: WorkUnit, reason: string): WorkUnit {
  const replicas = unit.replicas.map((own) => (isLive(own) || own.status === 'revealed' ? expire(own, reason) : own));
  const checks = unit.checks.map((check) =>
    check.status === 'leased' ? { ...check, status: 'expired' as const } : check,
  );
  const { referee: _referee, ...rest } = unit;
  return { ...rest, status: 'pending', replicas, checks };
}

function stepCheck(unit: WorkUnit, event: WorkUnitEvent & { type: `check-${string}` }): WorkUnitStep {
  const own = checkBy(unit, event.nodeId);
  if (event.type === 'check-leased') {
    const computed = replicaOf(unit, event.nodeId);
    if (own !== undefined || (computed !== undefined && computed.status !== 'expired'))
      return { unit, ignored: 'duplicate-node' };
    const { nodeId: checker, subject, chunks, by, at: leasedAt, leaseMs } = event;
    const check: Check = { subject, checker, chunks, status: 'leased', leasedAt, deadline: leasedAt + leaseMs };
    return { unit: withCheck(unit, undefined, by === undefined ? check : { ...check, by }) };
  }
  if (own === undefined) return { unit, ignored: 'not-leased' };
  if (event.type === 'check-ended') return { unit: withCheck(unit, own, { ...own, status: 'expired' }) };
  const { dispute } = event;
  const after: Check = dispute === undefined ? { ...own, status: 'passed' } : { ...own, status: 'disputed', dispute };
  return { unit: withCheck(unit, own, after) };
}

function referee(unit: WorkUnit, event: WorkUnitEvent & { type: 'refereed' }): WorkUnitStep {
  if (unit.referee === undefined || (unit.referee >= 0 && unit.referee !== event.index)) {
    return { unit, ignored: 'not-asked' };
  }
  const judged = judgeChunk(unit, event.index, event.digest, event.digests);
  // Where results differ, one of them must be found wrong, or the same question would be asked for ever.
  if (unit.referee < 0 && judged.wrong.length === 0) return { unit, ignored: 'not-asked' };
  return { unit: judged.wrong.reduce((after, nodeId) => condemn(after, nodeId, 'CHUNK_WRONG'), judged.unit) };
}

function apply(unit: WorkUnit, event: WorkUnitEvent, judge: Judge): WorkUnitStep {
  switch (event.type) {
    case 'leased':
      return lease(unit, event, judge);
    case 'committed':
      return commit(unit, event, judge);
    case 'revealed': {
      const step = reveal(unit, event);
      return step.ignored === undefined ? { unit: notePassed(step.unit) } : step;
    }
    case 'failed':
      return end(unit, (own) => (own.nodeId === event.nodeId ? event.code : undefined));
    case 'released':
      // What is committed stays: its bytes may already be on their way or here.
      return end(unit, (own) => (own.nodeId === event.nodeId && own.status === 'leased' ? event.reason : undefined));
    case 'condemned':
      return { unit: condemn(unit, event.nodeId, event.reason) };
    case 'dropped':
      return drop(unit, event.nodeId);
    case 'check-leased':
    case 'check-answered':
    case 'check-ended':
      return stepCheck(unit, event);
    case 'recheck-asked':
      return unit.referee === undefined ? { unit: { ...unit, referee: event.index } } : { unit, ignored: 'repeated' };
    case 'refereed':
      return referee(unit, event);
    case 'reviewed':
      return { unit };
    case 'opened':
      return { unit, ignored: 'not-decided' };
    case 'ticked':
      return end(unit, (own) => (own.deadline < event.at ? 'deadline' : undefined));
    case 'withdrawn':
      return { unit };
  }
}

/**
 * Applies one event to a unit. Pure: no clock, no order assumed; what is late, repeated or out of place is `ignored` with a
 * reason. Invariants (property-tested): one replica per node, results never exceed `maxReplicas`, nothing is chosen below
 * what the policy asks for, accepted and failed are final, and a chosen result stays chosen until it is opened.
 */
export function stepWorkUnit(unit: WorkUnit, event: WorkUnitEvent, judge: Judge): WorkUnitStep {
  // A chosen result is still opened and paid.
  if (event.type === 'withdrawn' && !isDecided(unit)) return { unit: withdraw(unit, event.reason) };
  if (event.type === 'opened') return open(unit, event.results);
  if (isDecided(unit)) {
    const own = 'nodeId' in event ? replicaOf(unit, event.nodeId) : undefined;
    const known = event.type === 'committed' && own?.seal === event.seal;
    return { unit, ignored: known ? 'repeated' : 'terminal' };
  }
  const step = apply(unit, event, judge);
  return step.ignored === undefined ? { unit: decide(step.unit, judge) } : step;
}
