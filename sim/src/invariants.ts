import { feeOf } from '@reckon/protocol/machine/reward';
import { identityIdOf } from '@reckon/protocol/machine/identity';
import type { NodeId } from '@reckon/protocol/base/ids';
import type { Job, ShardState } from '@reckon/protocol/machine/state';
import type { Measures } from './measures.ts';

const sum = (values: Iterable<bigint>): bigint => [...values].reduce((total, value) => total + value, 0n);

/** Every wei a job has spent is somebody's reward or the fee, and nothing is claimed that was not charged. */
function brokenConservation(state: ShardState): string[] {
  const broken: string[] = [];
  const feeBps = state.constants?.feeBps ?? 0;
  const spent = sum([...state.jobs.values()].map((job) => job.spent));
  const charged = sum([...state.jobs.values()].map((job) => job.charged));
  const fees = sum(
    [...state.jobs.values()].map((job) => {
      const price = job.spec.stages[0]?.pricePerUnit ?? 0n;
      return feeOf(price, feeBps) * BigInt(job.counts.accepted);
    }),
  );
  const earned = sum([...state.nodes.values()].map((node) => node.earned));
  if (earned + fees !== spent) broken.push(`earned ${earned} and fees ${fees} are not what was spent, ${spent}`);
  const claimed = sum(state.cumulative.values());
  if (claimed > charged) broken.push(`claims of ${claimed} exceed what was charged, ${charged}`);
  // What is charged and not in a claim lies with nodes that are not paid yet, or waits to be refunded.
  const held = sum([...state.nodes.values()].map((node) => node.sealed - node.settled));
  const rest = charged - claimed - held - sum(state.refunds.values());
  if (rest !== 0n) broken.push(`${rest} wei of what was charged is nowhere`);
  return broken;
}

/** Nobody decides a unit with themself: its results and checks come from different identities. */
function brokenParts(state: ShardState, job: Job): string[] {
  return job.units.flatMap((unit) => {
    const standing = unit.replicas.filter(({ status }) => status !== 'expired' && status !== 'disagreed');
    const subjects = new Set(standing.map(({ nodeId }) => nodeId));
    const checks = unit.checks.filter(({ status, subject }) => status !== 'expired' && subjects.has(subject));
    const nodes: NodeId[] = [...subjects, ...checks.map(({ checker }) => checker)];
    const identities = nodes.map((nodeId) => {
      const node = state.nodes.get(nodeId);
      return node === undefined ? nodeId : identityIdOf(state, node);
    });
    return new Set(identities).size === identities.length ? [] : [`unit ${unit.index} has two parts of one identity`];
  });
}

/** What must hold after every run, whoever took part; empty when it does. */
export function brokenInvariants(state: ShardState, measures: Measures, isRefereed: boolean): string[] {
  const broken = brokenConservation(state);
  for (const job of state.jobs.values()) {
    broken.push(...brokenParts(state, job));
    const { accepted, failed } = job.counts;
    if (job.status !== 'completed') broken.push(`a job is ${job.status}: ${accepted} accepted, ${failed} failed`);
  }
  if (measures.forgedAccepted > measures.accepted) broken.push('more forged than accepted');
  if (isRefereed && measures.honestRejected > 0) broken.push(`${measures.honestRejected} honest results were rejected`);
  return broken;
}
