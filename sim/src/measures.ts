import type { NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { ShardEvent } from '@reckon/protocol/journal/entry';
import type { StepResult } from '@reckon/protocol/machine/commands';
import type { WorkUnit } from '@reckon/protocol/machine/state';
import { RIGHT } from './answers.ts';
import { UNIT_MS } from './world-options.ts';

/** What a run is judged by. Work is counted in whole results: 16 of 256 chunks are 1/16. */
export interface Measures {
  accepted: number;
  forgedAccepted: number;
  failed: number;
  /** Results brought, revealed or not, in time or not. */
  results: number;
  checkWork: number;
  refereeWork: number;
  honestWork: number;
  honestPaid: number;
  honestRejected: number;
  /** First lease to acceptance, in ms, of each accepted unit. */
  latencies: number[];
  identities: number;
  caught: number;
  canaries: number;
  canariesForged: number;
  events: number;
  makespanMs: number;
  /** Units that the honest volunteers present could have computed in that time. */
  capacity: number;
  /** False when virtual time ran out before the jobs were done. */
  completed: boolean;
}

export const newMeasures = (): Measures => ({
  accepted: 0,
  forgedAccepted: 0,
  failed: 0,
  results: 0,
  checkWork: 0,
  refereeWork: 0,
  honestWork: 0,
  honestPaid: 0,
  honestRejected: 0,
  latencies: [],
  identities: 0,
  caught: 0,
  canaries: 0,
  canariesForged: 0,
  events: 0,
  makespanMs: 0,
  capacity: 0,
  completed: false,
});

/** Reads an opened unit: what was accepted, how long it took, which checks were paid. */
export function noteOpened(
  measures: Measures,
  event: ShardEvent,
  result: StepResult,
  unitOf: (workUnitId: WorkUnitId) => WorkUnit | undefined,
  isHonest: (nodeId: NodeId) => boolean,
): void {
  if (result.ignored === undefined) measures.events += 1;
  if (event.type !== 'unit.opened' || result.ignored !== undefined) return;
  const unit = unitOf(event.workUnitId);
  if (unit?.status !== 'accepted') return;
  measures.accepted += 1;
  if (unit.canonical !== RIGHT) measures.forgedAccepted += 1;
  const firstLease = unit.replicas.reduce((first, { leasedAt }) => Math.min(first, leasedAt), event.at);
  measures.latencies.push(event.at - firstLease);
  const chunkCount = unit.replicas.find((replica) => replica.chunks !== undefined)?.chunks?.count ?? 1;
  for (const check of unit.checks) {
    if (check.status === 'passed' && isHonest(check.checker)) measures.honestPaid += check.chunks.length / chunkCount;
  }
}

export const executionsPerResult = ({ results, checkWork, refereeWork, accepted }: Measures): number =>
  (results + checkWork + refereeWork) / Math.max(1, accepted);

export const forgedShareOf = ({ forgedAccepted, accepted }: Measures): number => forgedAccepted / Math.max(1, accepted);

/** Share of honest work, whole results and checks, that earned nothing. */
export const unpaidShare = ({ honestWork, honestPaid }: Measures): number =>
  honestWork === 0 ? 0 : Math.max(0, 1 - honestPaid / honestWork);

/** Makespan over the time in which the honest volunteers present would have computed each unit once. */
export const makespanRatio = ({ capacity, accepted }: Measures): number => capacity / Math.max(1, accepted);

export const perUnitMs = (speed: number): number => UNIT_MS / speed;

export function quantileOf(values: readonly number[], p: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
}
