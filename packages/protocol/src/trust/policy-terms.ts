import type { Millis } from '../base/units.ts';
import type { KernelFacts } from '../model/kernel-manifest.ts';
import type { AuditPolicy, Sampling, VerificationPolicy } from '../model/policy.ts';
import type { TrustConstants } from '../model/trust-constants.ts';
import { cheaperCheck } from './cheaper-check.ts';
import { groupCredibility } from './credibility.ts';
import { checksNeeded, forgedShare } from './forged-share.ts';
import { undetected } from './sampling.ts';
import { steadyPower } from './steady-math.ts';

/** What a verification policy costs and what it promises, before anything is signed. Never shown one without the other. */

/** What the price depends on, of a typical unit. */
export interface UnitFigures {
  /** One run on a typical device. */
  runMs: Millis;
  inputBytes: number;
  resultBytes: number;
  uplinkKbps: number;
  /** Chunks of its result; where it is not known, as many as a tile of 128 rows has. */
  chunkCount?: number;
}

export interface PolicyPrice {
  /** Work of one accepted unit, checks included, in runs; for nodes of which nothing is known yet, where that matters. */
  executions: number;
  /** The same once nodes are known, where they are checked less then. */
  executionsLater?: number;
  /** Bytes beyond one input and one result. */
  bytes: number;
  /** Until it is accepted, after its first result; while other devices are free. */
  delayMs: Millis;
}

/** A lease and its answer over the network. */
const ROUND_TRIP_MS = 200;
const USUAL_CHUNKS = 128;
/** A chunk’s number and digest in a checker’s answer, as JSON. */
const BYTES_PER_CHUNK = 100;
/** A node is called known when it has brought so many times the results that newcomers are judged by. */
const KNOWN = 10;
/** log2 of the chance that a wrong result passes Freivalds' check in whole numbers, the certificate of `matmul-i8`. */
const FREIVALDS_LOG2 = -63;

type Assumed = Pick<TrustConstants, 'faultyShare' | 'colludingShare' | 'auditFloor' | 'horizon'>;

/** Chance that a forgery passes the sample; 1 without one. */
const missOf = (sample: Sampling | undefined, facts: KernelFacts, trust: Assumed): number =>
  sample === undefined ? 1 : undetected({ ...sample, share: facts.leastHarmfulShare, colluding: trust.colludingShare });

function samplePrice({ chunks, checkers }: Sampling, figures: UnitFigures): PolicyPrice {
  const count = figures.chunkCount ?? USUAL_CHUNKS;
  const drawn = Math.min(chunks, count);
  const hands = Math.min(checkers, drawn);
  const longest = Math.ceil(drawn / hands) / count;
  return {
    executions: 1 + drawn / count,
    bytes: hands * figures.inputBytes + drawn * BYTES_PER_CHUNK,
    delayMs: Math.round(longest * figures.runMs) + ROUND_TRIP_MS,
  };
}

const sendMs = (bytes: number, { uplinkKbps }: UnitFigures): Millis =>
  bytes === 0 ? 0 : (bytes * 8) / Math.max(1, uplinkKbps);

/** Share of its results that an account which brought `results` has checked whole before it is believed to 1 − ε. */
function auditShare(epsilon: number, results: number, survives: number, trust: Assumed): number {
  const { faultyShare: faulty, colludingShare: missed, auditFloor } = trust;
  return Math.max(auditFloor, checksNeeded({ results, epsilon, faulty, missed, survives }) / results);
}

function auditPrice(policy: AuditPolicy, facts: KernelFacts, trust: Assumed, figures: UnitFigures): PolicyPrice {
  const { epsilon, sample } = policy;
  const base = sample === undefined ? { executions: 1, bytes: 0, delayMs: 0 } : samplePrice(sample, figures);
  const certificateBytes = (facts.certificateShare ?? 0) * figures.resultBytes;
  const byCertificate = facts.certified && cheaperCheck({ ...facts, ...figures, certificateBytes }) === 'certificate';
  const work = byCertificate ? facts.costShare : 1;
  const travels = byCertificate ? certificateBytes : figures.inputBytes + figures.resultBytes;
  const survives = missOf(sample, facts, trust);
  const share = auditShare(epsilon, trust.horizon, survives, trust);
  const later = auditShare(epsilon, KNOWN * trust.horizon, survives, trust);
  return {
    executions: base.executions + share * work,
    executionsLater: base.executions + later * work,
    bytes: Math.round(base.bytes + share * travels),
    // What was not drawn waits until its node is believed: half of the results that newcomers are judged by, on average.
    delayMs: Math.round(base.delayMs + (trust.horizon / 2) * figures.runMs),
  };
}

/** Votes of nodes of which nothing is known that make a result credible to 1 − ε. */
function votesNeeded(epsilon: number, most: number, trust: Assumed): number {
  const share = forgedShare({
    results: 1,
    checked: 0,
    faulty: trust.faultyShare,
    missed: trust.colludingShare,
    survives: 1,
  });
  for (let votes = 1; votes < most; votes++) {
    const [credible = 0] = groupCredibility([{ members: Array.from({ length: votes }, () => 1 - share) }]);
    if (credible >= 1 - epsilon) return votes;
  }
  return most;
}

/** What one accepted unit costs under a policy: work, bytes and time together. Estimates, for people. */
export function policyPrice(
  policy: VerificationPolicy,
  facts: KernelFacts,
  trust: Assumed,
  figures: UnitFigures,
): PolicyPrice {
  switch (policy.kind) {
    case 'quorum': {
      const { quorum, maxReplicas, epsilon } = policy;
      const votes = epsilon === undefined ? quorum : Math.max(quorum, votesNeeded(epsilon, maxReplicas, trust));
      const bytes = (votes - 1) * (figures.inputBytes + figures.resultBytes);
      const price = { executions: votes, bytes, delayMs: votes > 1 ? ROUND_TRIP_MS : 0 };
      return epsilon === undefined ? price : { ...price, executionsLater: Math.max(quorum, 1 + trust.auditFloor) };
    }
    case 'sample':
      return samplePrice(policy, figures);
    case 'certificate': {
      const bytes = Math.round((facts.certificateShare ?? 0) * figures.resultBytes);
      const delayMs = Math.round(facts.costShare * figures.runMs + sendMs(bytes, figures));
      return { executions: 1 + facts.costShare, bytes, delayMs };
    }
    case 'audit':
      return auditPrice(policy, facts, trust, figures);
  }
}

export interface PolicyPromise {
  /** Most that is expected to go unnoticed: of a forgery, or of accepted results under an ε. Null where only votes are counted. */
  undetected: number | null;
  /** In plain English, with all that is assumed. */
  words: string;
}

/** A share such as 0.05 as "5 %", without digits that say nothing. */
const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** 1 − `miss` in percent, rounded down and never up to 100. */
function noticed(miss: number): string {
  const decimals = Math.max(0, Math.min(15, Math.ceil(-Math.log10(Math.max(miss, 1e-15) * 100))));
  const scale = 10 ** decimals;
  return `${(Math.floor((1 - miss) * 100 * scale) / scale).toFixed(decimals)} %`;
}

const oneIn = (epsilon: number): string => Math.round(1 / epsilon).toLocaleString('en-US');

function sampleWords({ checkers }: Sampling, miss: number, facts: KernelFacts, trust: Assumed): string {
  const league = `${percent(trust.colludingShare)} of checkers are in league with the forger`;
  const share = `at least ${percent(facts.leastHarmfulShare)} of it forged`;
  const one = checkers === 1 ? 'a single checker in league sees nothing' : `${checkers} checkers in league see nothing`;
  return `A result with ${share} is noticed with ${noticed(miss)}, assuming that ${league}. Smaller forgeries are less likely to be seen, and ${one}.`;
}

const epsilonWords = (epsilon: number, trust: Assumed): string =>
  `At most 1 in ${oneIn(epsilon)} accepted results is expected to be wrong, assuming that at most ${percent(trust.faultyShare)} of the nodes are faulty and ${percent(trust.colludingShare)} of the checks are made by somebody in league with whom they check.`;

function quorumWords(quorum: number): string {
  if (quorum === 1) return 'Nothing is checked: one result is taken as it comes.';
  return `A forged result is noticed unless ${quorum} nodes forge it alike: ${quorum} equal votes are accepted. That is a count, not a chance; it holds as long as no ${quorum} nodes with the unit work together.`;
}

const superscript = (value: number): string =>
  String(value).replace(/[-\d]/g, (sign) => (sign === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(sign))));

/** What a policy promises, and what that assumes. `certificateLog2` is what the kernel's manifest says of its certificate. */
export function policyPromise(
  policy: VerificationPolicy,
  facts: KernelFacts,
  trust: Assumed,
  certificateLog2: number = FREIVALDS_LOG2,
): PolicyPromise {
  switch (policy.kind) {
    case 'quorum': {
      const { quorum, epsilon } = policy;
      if (epsilon === undefined) return { undetected: null, words: quorumWords(quorum) };
      const least = quorum > 1 ? ` At least ${quorum} nodes agree on each.` : '';
      return { undetected: epsilon, words: `${epsilonWords(epsilon, trust)}${least}` };
    }
    case 'sample': {
      const miss = missOf(policy, facts, trust);
      return { undetected: miss, words: sampleWords(policy, miss, facts, trust) };
    }
    case 'certificate': {
      const words = `A wrong result is noticed unless it passes the kernel’s own check, whose random numbers nobody knows before: a chance of 2${superscript(certificateLog2)} for each wrong result, whoever computed it. The relay makes the check; an auditor can make it again.`;
      return { undetected: steadyPower(0.5, -certificateLog2), words };
    }
    case 'audit': {
      const { epsilon, sample } = policy;
      const words = epsilonWords(epsilon, trust);
      if (sample === undefined) return { undetected: epsilon, words };
      const also = sampleWords(sample, missOf(sample, facts, trust), facts, trust);
      return { undetected: epsilon, words: `${words} ${also}` };
    }
  }
}
