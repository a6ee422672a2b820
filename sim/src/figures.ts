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

/** The figures of the issue, under its names. */
export interface Figures {
  sample20: { executionsPerResult: number; forgedAccepted: number };
  credibility5: { executionsPerResult: number; forgedAccepted: number };
  small: { executionsPerResult: number; forgedAccepted20: number; forgedAccepted200: number };
  certificate: { executionsPerResult: number; forgedAccepted: number; mutants: number };
  honest: { units: number; rejected: number; unpaid: number };
  makespanRatioChurn20: number;
  simUnitsPerSecond: number;
  seeds: { run: number; broken: number };
  replayEntriesPerSecond: number;
}

type Tell = (line: string) => void;

/** Runs of 50,000 honest units for each policy: a million in all. */
const HONEST_RUNS: Record<string, number> = {
  'quorum-2': 5,
  'quorum-epsilon': 3,
  sample: 2,
  certificate: 6,
  audit: 3,
  'audit+sample': 1,
};

/** Divides all sizes for the quick form. */
const QUICK = 100;
const SEED = 7;

const rounded = (value: number): number => Number(value.toPrecision(4));

export async function measureFigures(quick: boolean, tell: Tell): Promise<Figures> {
  const size = (full: number, least = 200) => (quick ? Math.max(least, Math.round(full / QUICK)) : full);
  const run = (name: string, scheme: Scheme, units: number, rest: Partial<WorldOptions> = {}): Measures => {
    const began = performance.now();
    const volunteers = quick ? 30 : 100;
    const given = { seed: SEED, volunteers, units, scheme, churn: SESSIONS, saboteurs: 0, strategy: colluding(0.3) };
    const measures = runWorld({ ...given, ...rest });
    const s = ((performance.now() - began) / 1000).toFixed(1);
    tell(
      `${name}: ${measures.accepted} units, ${executionsPerResult(measures).toFixed(4)} executions per result, ` +
        `${measures.forgedAccepted} forged accepted, ${measures.honestRejected} honest rejected, in ${s} s`,
    );
    if (!measures.completed) throw new Error(`${name} did not complete`);
    return measures;
  };
  return {
    sample20: measureSample(run, size),
    credibility5: measureCredibility(run, size),
    small: measureSmall(run, size),
    certificate: await measureCertificate(run, size),
    honest: measureHonest(run, size),
    ...measureTimes(run, size, tell),
    seeds: runSeeds(size(200, 20), tell),
    replayEntriesPerSecond: measureReplay(size(1_000_000)).perSecond,
  };
}

type Run = (name: string, scheme: Scheme, units: number, rest?: Partial<WorldOptions>) => Measures;
type Size = (full: number, least?: number) => number;

/** Of several runs: the most executions, and the largest forged share. */
const worst = (runs: readonly Measures[]) => ({
  executionsPerResult: rounded(Math.max(...runs.map(executionsPerResult))),
  forgedAccepted: rounded(Math.max(...runs.map(forgedShareOf))),
});

function measureSample(run: Run, size: Size) {
  const by = (s: number) =>
    run(`sample, 20 % colluding, wrong at rate ${s}`, SAMPLE, size(100_000), {
      saboteurs: 0.2,
      strategy: colluding(s),
    });
  return worst([by(0.3), by(1)]);
}

function measureCredibility(run: Run, size: Size) {
  const by = (s: number) =>
    run(`quorum with ε, 5 % colluding, wrong at rate ${s}`, QUORUM_EPSILON, size(40_000), {
      saboteurs: 0.05,
      strategy: colluding(s),
    });
  return worst([by(0.1), by(0.3), by(1)]);
}

function measureSmall(run: Run, size: Size) {
  const by = (s: number, churn: Churn, units: number) =>
    run(`audit and sample, 20 % tamper 10 %, wrong at rate ${s}, ${churn.name}`, AUDIT_SAMPLE, size(units), {
      saboteurs: 0.2,
      strategy: colluding(s, 0.1),
      churn,
    });
  const few = worst([by(0.3, SESSIONS, 40_000), by(1, SESSIONS, 40_000)]);
  const many = worst([by(0.3, sessionsOf(200), 60_000)]);
  return {
    executionsPerResult: few.executionsPerResult,
    forgedAccepted20: few.forgedAccepted,
    forgedAccepted200: many.forgedAccepted,
  };
}

async function measureCertificate(run: Run, size: Size) {
  const { executionsPerResult: results } = worst([
    run('certificate, 20 % colluding', CERTIFICATE, size(100_000), { saboteurs: 0.2 }),
  ]);
  const costs = await measureCertificateCost();
  const { mutants, accepted } = await runMutants(size(1_000_000, 2000), SEED);
  const share = Math.max(...costs.map((cost) => cost.share));
  return { executionsPerResult: rounded(results + share), forgedAccepted: accepted, mutants };
}

function measureHonest(run: Run, size: Size) {
  // Most under the policies that are quick to simulate; runs of this many units each, so that memory stays small.
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

function measureTimes(run: Run, size: Size, tell: Tell) {
  const churn: Churn = { name: '20 % killed', unitsEach: 20, killed: 0.2 };
  const killed = run('sample, 20 % leave mid-unit', SAMPLE, size(20_000), { churn });
  const began = process.threadCpuUsage();
  const volunteers = size(1000, 50);
  const large = run('1,000 volunteers', SAMPLE, size(100_000), { volunteers, churn: STAYING, saboteurs: 0.05 });
  const { user, system } = process.threadCpuUsage(began);
  const perSecond = Math.round((large.accepted * 1e6) / (user + system));
  tell(`${perSecond} units a second`);
  return { makespanRatioChurn20: rounded(makespanRatio(killed)), simUnitsPerSecond: perSecond };
}
