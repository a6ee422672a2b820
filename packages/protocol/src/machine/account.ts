import type { NodeId } from '../base/ids.ts';
import type { Millis } from '../base/units.ts';
import { fromHex } from '../base/bytes.ts';
import { drawFraction } from '../trust/beacon.ts';
import { cheaperCheck } from '../trust/cheaper-check.ts';
import { checksNeeded, forgedShare } from '../trust/forged-share.ts';
import { newReputation, noteOutcome, type Outcome, remainingAfter } from '../trust/reputation.ts';
import { sampleMisses } from './decide.ts';
import { enterIdentity, identityIdOf } from './identity.ts';
import type { Account, Job, NodeRecord, ShardState, WholeCheck } from './state.ts';
import { judgeTerms, stageOf } from './stage.ts';

/** One kernel on one class of device: results there say little about results elsewhere. */
export const accountKey = (identity: string, kernel: string, deviceClass: string): string =>
  `${identity} ${kernel} ${deviceClass}`;

/** What is known of the node's identity with the job's kernel. To be read only: one that is not entered is a new one. */
export function accountOf(state: ShardState, node: NodeRecord, job: Job): Account {
  const identity = identityIdOf(state, node);
  const key = accountKey(identity, stageOf(job).kernel.name, node.capabilities.deviceClass);
  return (
    state.accounts.get(key) ?? {
      key,
      identity,
      results: 0,
      checked: 0,
      at: state.now,
      reputation: newReputation(state.now),
      waiting: new Set(),
    }
  );
}

/** The same, entered: to be changed by a step. */
export function enterAccount(state: ShardState, node: NodeRecord, job: Job): Account {
  const account = accountOf(state, node, job);
  if (!state.accounts.has(account.key)) {
    state.accounts.set(account.key, account);
    enterIdentity(state, node).accounts.add(account.key);
  }
  return account;
}

/** Brings the account's counts to `at`: they halve in seven days. */
function decayAccount(account: Account, at: Millis): void {
  if (at <= account.at) return;
  const factor = remainingAfter(at - account.at);
  account.results *= factor;
  account.checked *= factor;
  account.at = at;
}

/** Counts a result that was brought and may still be refuted. */
export function noteResult(account: Account, at: Millis): void {
  decayAccount(account, at);
  account.results += 1;
}

/** Counts one of the account's results as checked whole and found right. */
export function notePass(account: Account, at: Millis): void {
  decayAccount(account, at);
  account.checked = Math.min(account.results, account.checked + 1);
}

export function rate(account: Account, outcome: Outcome, at: Millis): void {
  account.reputation = noteOutcome(account.reputation, outcome, 1, at);
}

/** Forgets what the account was believed for: it brought something wrong. */
export function discredit(account: Account, at: Millis): void {
  rate(account, 'wrong', at);
  account.results = 0;
  account.checked = 0;
}

const terms = (state: ShardState, job: Job) => {
  const { trust } = judgeTerms(state, job);
  const survives = sampleMisses(judgeTerms(state, job));
  return { faulty: trust.faultyShare, missed: trust.colludingShare, survives };
};

/**
 * E: expected share of wrong results among those of the node's account in this job's stage. 1 − E is its credibility. With
 * `by`, the identity that sealed the result, it is no less than that one's: results that wait do not gain from a wallet
 * with a good name that their node is linked to afterwards.
 */
export function shareOf(state: ShardState, job: Job, nodeId: NodeId, by?: string): number {
  const node = state.nodes.get(nodeId);
  if (node === undefined) return 1;
  const share = ({ results, checked }: Pick<Account, 'results' | 'checked'>) =>
    forgedShare({ results: Math.max(1, results), checked, ...terms(state, job) });
  const now = share(accountOf(state, node, job));
  if (by === undefined || by === identityIdOf(state, node)) return now;
  const key = accountKey(by, stageOf(job).kernel.name, node.capabilities.deviceClass);
  return Math.max(now, share(state.accounts.get(key) ?? { results: 0, checked: 0 }));
}

/** Results of the account that somebody else is already asked to compute, too. */
function underCheck(state: ShardState, account: Account): number {
  let count = 0;
  for (const id of account.waiting) {
    const place = state.units.get(id);
    const unit = place && state.jobs.get(place.jobId)?.units[place.index];
    if (unit === undefined || unit.target <= 1) continue;
    // One that has passed is counted among the account's checks already.
    const lacks = unit.replicas.some(({ nodeId, status, passed }) => {
      const node = status === 'revealed' && passed === undefined ? state.nodes.get(nodeId) : undefined;
      return node !== undefined && identityIdOf(state, node) === account.identity;
    });
    if (lacks) count += 1;
  }
  return count;
}

/** Units in the node's hands that somebody else computes, too: each will be a check of its account. */
function checksAhead(state: ShardState, node: NodeRecord): number {
  let count = 0;
  for (const { jobId, index } of node.held.values()) {
    const unit = state.jobs.get(jobId)?.units[index];
    if (unit === undefined || unit.target <= 1) continue;
    const own = unit.replicas.find(({ nodeId }) => nodeId === node.id);
    if (own?.status === 'leased' || own?.status === 'committed') count += 1;
  }
  return count;
}

/** Checks that the node's account will lack by the time it has brought what is expected of it, and results until then. */
export function checksToCome(state: ShardState, job: Job, node: NodeRecord): { lacking: number; left: number } {
  const account = accountOf(state, node, job);
  const horizon = Math.max(judgeTerms(state, job).trust.horizon, account.results + 1);
  const lacking = checksLacking(state, job, account, horizon) - checksAhead(state, node);
  return { lacking: Math.max(0, lacking), left: Math.max(1, horizon - account.results) };
}

/** Whole checks the account still lacks to be believed to 1 − ε, less those under way, if it had `results` results. */
export function checksLacking(state: ShardState, job: Job, account: Account, results: number): number {
  const { epsilon } = judgeTerms(state, job).rules;
  if (epsilon === undefined) return 0;
  const needed = checksNeeded({ results: Math.max(1, results), epsilon, ...terms(state, job) });
  // Counts decay from the moment they are noted; a thousandth of a check is not lacking.
  return Math.round((needed - account.checked - underCheck(state, account)) * 4) / 4;
}

/**
 * Whether the draw of a just sealed result chooses it to be checked whole, and how. The checks an account needs are spread
 * over the results it is expected to bring (`horizon`), never below `auditFloor`: algorithms of adaptive replication that
 * trust by run length alone check long-serving nodes ever less, and are robbed by them.
 */
export function drawAudit(state: ShardState, job: Job, node: NodeRecord, draw: `0x${string}`): WholeCheck | undefined {
  const { rules, trust } = judgeTerms(state, job);
  if (rules.epsilon === undefined) return undefined;
  const { lacking, left } = checksToCome(state, job, node);
  // Computing a result again checks both who did: half of what an account lacks comes from checking others, in the place
  // of results of its own, so that q · (left − lacking/2) = lacking/2.
  const shared = lacking / Math.max(1, 2 * left - lacking);
  const chance = Math.max(trust.auditFloor, Math.min(1, job.kernel.certified ? lacking / left : shared));
  if (drawFraction(fromHex(draw), 'audit') >= chance) return undefined;
  if (!job.kernel.certified) return 'execution';
  const { costShare, certificateShare = 0 } = job.kernel;
  const account = accountOf(state, node, job);
  const { meanMs = 1_000, meanBytes = 0, uplinkKbps = UNKNOWN_UPLINK_KBPS } = account;
  return cheaperCheck({ costShare, certificateBytes: certificateShare * meanBytes, runMs: meanMs, uplinkKbps });
}

/** What is assumed of an uplink that was not measured. */
const UNKNOWN_UPLINK_KBPS = 5_000;
const GAIN = 0.2;
const follow = (mean: number | undefined, value: number): number =>
  mean === undefined ? value : mean * (1 - GAIN) + value * GAIN;

/** Learns how long the identity's device takes for a unit. */
export function noteRun(account: Account, ms: Millis): void {
  account.meanMs = follow(account.meanMs, ms);
}

/** Learns how large its results are, and how fast they come after their seal. */
export function noteUpload(account: Account, bytes: number, ms: Millis): void {
  account.meanBytes = follow(account.meanBytes, bytes);
  account.uplinkKbps = follow(account.uplinkKbps, (bytes * 8) / Math.max(1, ms));
}
