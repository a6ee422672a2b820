import {
  executionsPerResult,
  forgedShareOf,
  makespanRatio,
  type Measures,
  quantileOf,
  unpaidShare,
} from './measures.ts';
import type { WorldOptions } from './world-options.ts';

/** One run as a line of a table; `units` are those accepted. */
export interface Row {
  readonly policy: string;
  readonly volunteers: number;
  readonly saboteurs: number;
  readonly churn: string;
  readonly strategy: string;
  readonly units: number;
  readonly executionsPerResult: number;
  readonly forgedAccepted: number;
  readonly forgedShare: number;
  readonly failed: number;
  readonly honestRejected: number;
  readonly honestUnpaidShare: number;
  readonly makespanOverIdeal: number;
  readonly p95LatencyS: number;
  readonly canaries: number;
  readonly canariesForged: number;
  readonly identities: number;
  readonly caught: number;
  readonly completed: boolean;
}

const short = (value: number, digits = 4): number => Number(value.toPrecision(digits));

export function rowOf(options: WorldOptions, measures: Measures): Row {
  return {
    policy: options.scheme.name,
    volunteers: options.volunteers,
    saboteurs: options.saboteurs,
    churn: options.churn.name,
    strategy: options.saboteurs === 0 ? 'none' : options.strategy.name,
    units: measures.accepted,
    executionsPerResult: short(executionsPerResult(measures)),
    forgedAccepted: measures.forgedAccepted,
    forgedShare: short(forgedShareOf(measures), 3),
    failed: measures.failed,
    honestRejected: measures.honestRejected,
    honestUnpaidShare: short(unpaidShare(measures), 3),
    makespanOverIdeal: short(makespanRatio(measures)),
    p95LatencyS: short(quantileOf(measures.latencies, 0.95) / 1000, 3),
    canaries: measures.canaries,
    canariesForged: measures.canariesForged,
    identities: measures.identities,
    caught: measures.caught,
    completed: measures.completed,
  };
}

export function toCsv(rows: readonly Row[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const names = Object.keys(first) as (keyof Row)[];
  return `${[names.join(','), ...rows.map((row) => names.map((name) => String(row[name])).join(','))].join('\n')}\n`;
}
