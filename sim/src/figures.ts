import { measureCertificateCost } from '@reckon/kernels/testing/certificate-cost';
import { runMutants } from '@reckon/kernels/testing/mutants';
import { KILLED, SESSIONS, sessionsOf, STAYING } from './churns.ts';
import { executionsPerResult, forgedShareOf, makespanRatio, type Measures, unpaidShare } from './measures.ts';
import { measureReplay } from './replay.ts';
import { AUDIT_SAMPLE, CERTIFICATE, QUORUM_EPSILON, SAMPLE, SCHEMES } from './schemes.ts';
import { runSeeds } from './seeds.ts';
import { colluding } from './strategies/gang.ts';
import type { Churn, Scheme, WorldOptions } from './world-options.ts';
import { runWorld } from './world.ts';

/** How figures are measured: in full, or a hundredth of it; progress is told line by line. */
export interface Bench {
  run(name: string, scheme: Scheme, units: number, rest?: Partial<WorldOptions>): Measures;
  size(full: number, least?: number): number;
  tell(line: string): void;
}

const QUICK = 100;
const SEED = 7;

export function createBench(quick: boolean, tell: (line: string) => void): Bench {
  return {
    tell,
    size: (full, least = 200) => (quick ? Math.max(least, Math.round(full / QUICK)) : full),
    run(name, scheme, units, rest = {}) {
      const began = process.threadCpuUsage();
      const volunteers = quick ? 30 : 100;
      const given = { seed: SEED, volunteers, units, scheme, churn: SESSIONS, saboteurs: 0, strategy: colluding(0.3) };
      const measures = runWorld({ ...given, ...rest });
      const { user, system } = process.threadCpuUsage(began);
      tell(
        `${name}: ${measures.accepted} units, ${executionsPerResult(measures).toFixed(4)} executions per result, ` +
          `${measures.forgedAccepted} forged accepted, ${measures.honestRejected} honest rejected, ` +
          `${((user + system) / 1e6).toFixed(1)} s of CPU`,
      );
      if (!measures.completed) throw new Error(`${name} did not complete`);
      return measures;
    },
  };
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Of several runs: the most executions, and the largest forged share. */
const worst = (runs: readonly Measures[]) => ({
  executionsPerResult: rounded(Math.max(...runs.map(executionsPerResult))),
  forgedAccepted: rounded(Math.max(...runs.map(forgedShareOf))),
});

function sample20({ run, size }: Bench) {
  const by = (s: number) =>
    run(`sample, 20 % colluding, wrong at rate ${s}`, SAMPLE, size(60_000), { saboteurs: 0.2, strategy: colluding(s) });
  return worst([by(0.3), by(1)]);
}

function credibility5({ run, size }: Bench) {
  const by = (s: number) =>
    run(`quorum with ε, 5 % colluding, wrong at rate ${s}`, QUORUM_EPSILON, size(40_000), {
      saboteurs: 0.05,
      strategy: colluding(s),
    });
  return worst([by(0.1), by(0.3), by(1)]);
}

function small({ run, size }: Bench) {
  const by = (s: number, churn: Churn, units: number) =>
    run(`audit and sample, 20 % tamper 10 %, wrong at rate ${s}, ${churn.name}`, AUDIT_SAMPLE, size(units), {
      saboteurs: 0.2,
      strategy: colluding(s, 0.1),
      churn,
    });
  const few = worst([by(0.3, SESSIONS, 20_000), by(1, SESSIONS, 20_000)]);
  const many = worst([by(0.3, sessionsOf(200), 40_000)]);
  const { executionsPerResult: executions, forgedAccepted: forgedAccepted20 } = few;
  return { executionsPerResult: executions, forgedAccepted20, forgedAccepted200: many.forgedAccepted };
}

async function certificate({ run, size }: Bench) {
  const runs = worst([run('certificate, 20 % colluding', CERTIFICATE, size(60_000), { saboteurs: 0.2 })]);
  const costs = await measureCertificateCost();
  const { mutants, accepted } = await runMutants(size(1_000_000, 2000), SEED);
  // In time: all checks over all runs of one unit of each shape; for the smallest alone the share is several times that.
  const total = (of: (cost: (typeof costs)[number]) => number) => costs.reduce((sum, cost) => sum + of(cost), 0);
  const share = total((cost) => cost.checkMs) / total((cost) => cost.runMs);
  return { executionsPerResult: rounded(runs.executionsPerResult + share), forgedAccepted: accepted, mutants };
}

/** Runs of 50,000 honest units for each policy: a million in all, most under the policies that are quick to simulate. */
const HONEST_RUNS: Record<string, number> = {
  'quorum-2': 5,
  'quorum-epsilon': 2,
  sample: 1,
  certificate: 9,
  audit: 2,
  'audit+sample': 1,
};

function honest({ run, size }: Bench) {
  const each = size(50_000, 60);
  const runs = SCHEMES.flatMap((scheme) =>
    Array.from({ length: HONEST_RUNS[scheme.name] ?? 1 }, (_, i) => {
      const churn = i % 2 === 0 ? SESSIONS : KILLED;
      return run(`honest, ${scheme.name}, ${churn.name}`, scheme, each, { churn, seed: SEED + i });
    }),
  );
  return {
    units: runs.reduce((sum, { accepted }) => sum + accepted, 0),
    rejected: runs.reduce((sum, { honestRejected }) => sum + honestRejected, 0),
    unpaid: rounded(Math.max(...runs.map(unpaidShare))),
  };
}

function makespanRatioChurn20({ run, size }: Bench) {
  const churn: Churn = { name: '20 % killed', unitsEach: 20, killed: 0.2 };
  return rounded(makespanRatio(run('sample, 20 % leave mid-unit', SAMPLE, size(20_000), { churn })));
}

/** Per second of CPU time of the one thread: what else runs on the machine says nothing of us. */
function simUnitsPerSecond({ run, size }: Bench) {
  const began = process.threadCpuUsage();
  const volunteers = size(1000, 50);
  const { accepted } = run('1,000 volunteers', SAMPLE, size(100_000), { volunteers, churn: STAYING, saboteurs: 0.05 });
  const { user, system } = process.threadCpuUsage(began);
  return Math.round((accepted * 1e6) / (user + system));
}

/** The figures of the issue, under its names. */
export const FIGURES: Readonly<Record<string, (bench: Bench) => unknown>> = {
  sample20,
  credibility5,
  small,
  certificate,
  honest,
  makespanRatioChurn20,
  simUnitsPerSecond,
  seeds: ({ size, tell }) => runSeeds(size(200, 20), tell),
  replayEntriesPerSecond: ({ size }) => measureReplay(size(1_000_000)).perSecond,
};
