import type { NodeId } from '../base/ids.ts';
import type { KernelFacts } from '../model/kernel-manifest.ts';
import type { TrustConstants } from '../model/trust-constants.ts';
import { groupCredibility } from '../trust/credibility.ts';
import type { PolicyRules } from '../trust/policy-rules.ts';
import type { Group } from '../trust/quorum.ts';
import { undetected } from '../trust/sampling.ts';
import { steadyPower } from '../trust/steady-math.ts';
import type { Check, Replica, Verdict, WorkUnit } from './state.ts';
import { isSampled } from './unit-checks.ts';
import { groupsOf, isDecided, isDisputed, isLive, outlook, replicaOf, revealedOf } from './unit-view.ts';

/** What decides besides the unit: the policy, the kernel, and how far each node is believed. */
export interface Judge {
  readonly rules: PolicyRules;
  readonly kernel: KernelFacts;
  readonly trust: TrustConstants;
  /** Expected share of wrong results among this node's, sealed by this identity; asked only under a policy with ε. */
  share(nodeId: NodeId, by?: string): number;
}

const expire = (replica: Replica, reason: string): Replica => ({ ...replica, status: 'expired', reason });

/** Credibility of each group, in order. */
function credibilities(unit: WorkUnit, groups: readonly Group[], judge: Judge): number[] {
  if (judge.rules.epsilon === undefined) return groups.map(() => 1);
  const credibility = (nodeId: NodeId) => 1 - judge.share(nodeId, replicaOf(unit, nodeId)?.by);
  return groupCredibility(groups.map((group) => ({ members: group.members.map(credibility) })));
}

/** Chance that a wrong result passes the chunks drawn of it, at the kernel's least harmful share. */
export function sampleMisses({ rules, kernel, trust }: Pick<Judge, 'rules' | 'kernel' | 'trust'>): number {
  if (rules.sample === undefined) return 1;
  const { chunks, checkers } = rules.sample;
  return undetected({ share: kernel.leastHarmfulShare, chunks, colluding: trust.colludingShare, checkers });
}

function verdictOf(members: readonly Replica[], sampled: boolean, credibility: number, judge: Judge): Verdict {
  const { rules } = judge;
  const certified = Math.min(...members.map((replica) => replica.certified ?? 0));
  const whole = members.length > 1;
  if (certified < 0) return { by: rules.certificate ? 'certificate' : 'audit', bound: steadyPower(0.5, -certified) };
  if (rules.sample !== undefined && sampled) {
    // Where all chunks are recomputed, a single forged one is in one hand only: it passes if that hand's checker colludes.
    const count = Math.min(...members.map(({ chunks }) => chunks?.count ?? Number.POSITIVE_INFINITY));
    const misses = count <= rules.sample.chunks ? judge.trust.colludingShare : sampleMisses(judge);
    return { by: 'sample', bound: rules.epsilon === undefined ? misses : Math.min(misses, 1 - credibility) };
  }
  if (rules.epsilon === undefined) return { by: 'vote', bound: 1 };
  return { by: whole && rules.votes === 1 ? 'audit' : 'credibility', bound: Math.max(0, 1 - credibility) };
}

/** Nobody needs to finish a check of a unit that is decided. */
const endChecks = (unit: WorkUnit): Check[] =>
  unit.checks.map((check) => (check.status === 'leased' ? { ...check, status: 'expired' as const } : check));

function accept(unit: WorkUnit, group: Group, verdict: Verdict): WorkUnit {
  const replicas = unit.replicas.map((replica) => (isLive(replica) ? expire(replica, 'not-needed') : replica));
  return { ...unit, decided: group.tag, verdict, replicas, checks: endChecks(unit) };
}

function fail(unit: WorkUnit): WorkUnit {
  const replicas = unit.replicas.map((replica): Replica => {
    if (replica.status === 'revealed') return { ...replica, status: 'disagreed', reason: 'no-quorum' };
    return isLive(replica) ? expire(replica, 'not-needed') : replica;
  });
  return { ...unit, status: 'failed', replicas, checks: endChecks(unit) };
}

/**
 * Whether as many nodes as there are checkers have recomputed the whole of it, as racing a slow node leads to. Each would
 * have to be in league, so no more passes than by samples; and there may be nobody left to take samples.
 */
const isRecomputed = (members: readonly Replica[], { sample }: PolicyRules): boolean =>
  sample !== undefined && members.length > sample.checkers;

/**
 * Chooses a result once the policy is satisfied, asks for the referee when exact results differ, fails when no result can be
 * chosen any more, and falls back to `pending` when nobody works on the unit.
 */
export function decide(unit: WorkUnit, judge: Judge): WorkUnit {
  if (isDecided(unit) || unit.referee !== undefined) return unit;
  const { rules, kernel } = judge;
  const revealed = revealedOf(unit);
  const groups = groupsOf(unit);
  if (isDisputed(groups, unit) && kernel.exact && revealed.every((replica) => replica.chunks !== undefined)) {
    return { ...unit, status: 'issued', referee: -1 };
  }
  const disputed = unit.checks.find((check) => check.status === 'disputed');
  if (disputed?.dispute !== undefined) return { ...unit, status: 'issued', referee: disputed.dispute.index };
  const values = credibilities(unit, groups, judge);
  for (const [i, group] of groups.entries()) {
    const members = group.members.flatMap((nodeId) => replicaOf(unit, nodeId) ?? []);
    const sampled = members.some((replica) => isSampled(unit, replica, rules)) || isRecomputed(members, rules);
    const certified = members.some((replica) => replica.certified !== undefined);
    const credible = rules.epsilon === undefined || certified || (values[i] ?? 0) >= 1 - rules.epsilon;
    const enough = members.length >= Math.max(rules.votes, unit.target) || (certified && rules.votes === 1);
    const checked = (rules.sample === undefined || sampled) && (!rules.certificate || certified);
    if (enough && credible && checked) return accept(unit, group, verdictOf(members, sampled, values[i] ?? 1, judge));
  }
  const { live, free } = outlook(unit, rules);
  const best = groups[0]?.members.length ?? 0;
  // With a free place left another replica may still decide it; under ε credibility may, too, while results agree.
  const waits = rules.epsilon !== undefined && best > 0 && best >= unit.target && !isDisputed(groups, unit);
  const reachable = best + live + free >= Math.max(rules.votes, waits ? 0 : Math.min(unit.target, rules.maxReplicas));
  const sampling = rules.sample !== undefined && best > 0;
  if (!reachable || (live === 0 && free <= 0 && !waits && !sampling)) return fail(unit);
  const status = live > 0 || revealed.length > 0 ? 'issued' : 'pending';
  return unit.status === status ? unit : { ...unit, status };
}
