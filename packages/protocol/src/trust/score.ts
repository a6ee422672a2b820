import type { Millis } from '../base/units.ts';
import { WORLD_AVERAGE_G_PER_KWH } from './energy.ts';

/** Plain facts of one node and one job or unit that it could be given. */
export interface Match {
  /** Whether the unit fits the node's memory. */
  memoryFits: boolean;
  /** Whether the node has the class of device the kernel runs best on. */
  deviceClassPreferred: boolean;
  /** Whether the node holds the job's model or largest input already. */
  cachedModel: boolean;
  /** Run time of the unit on this class of device. */
  expectedMs: Millis;
  /** Round trip to the node. */
  latencyMs: Millis;
  /** Lower quantile of the node's reputation, 0 to 1. */
  reliability: number;
  /** Whether a lease on the unit ran out before, or its job is near its end. */
  late: boolean;
  /** What the node's electricity emits; undefined where nobody says. */
  gramsCo2PerKwh: number | undefined;
  /** Whether the job asks for the greenest nodes. */
  greenest: boolean;
  /** How long the unit has waited. */
  waitedMs: Millis;
}

/** x / (x + half): 0 at 0, ½ at `half`, below 1 for ever. */
const saturate = (x: number, half: number): number => x / (x + half);

/**
 * How well a node and a unit fit, higher first; −∞ when it cannot run there. The terms are BOINC's (sched_score.cpp: 10
 * for files that are there, 10 for a reliable host and a late batch, 5 for the right class), with what a browser adds:
 *
 * | fact | points | why |
 * |---|---|---|
 * | cached model | +10 | a download may cost more than the unit |
 * | reliability, late unit | 0 … +10 | what was late once should not be late again |
 * | greenest wanted | 0 … −20, one for each 100 g/kWh; silence counts as 475 | the requester's wish |
 * | preferred device class | +5 | GPUs for what GPUs do well |
 * | run time | 0 … −5, half at 10 s | short units first where a tab may close |
 * | latency | 0 … −2, half at 500 ms | it matters only for short units |
 * | reliability | 0 … +2 | a tie-breaker |
 * | waiting | +1 each 10 s, without end | nothing starves |
 */
export function score(match: Match): number {
  if (!match.memoryFits) return Number.NEGATIVE_INFINITY;
  const emitted = match.greenest ? (match.gramsCo2PerKwh ?? WORLD_AVERAGE_G_PER_KWH) : 0;
  return (
    (match.cachedModel ? 10 : 0) +
    (match.deviceClassPreferred ? 5 : 0) +
    (match.late ? 12 : 2) * match.reliability -
    emitted / 100 -
    5 * saturate(match.expectedMs, 10_000) -
    2 * saturate(match.latencyMs, 500) +
    match.waitedMs / 10_000
  );
}
