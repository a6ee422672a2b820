import { BlobDigest, JobId, type WorkUnitId, WorkUnitId as WorkUnitIdSchema } from '@reckon/protocol/base/ids';
import { Count, Credits, Millis, Wei } from '@reckon/protocol/base/units';
import type { RelayMessage } from '@reckon/protocol/wire/messages';
import { tryParse } from '@reckon/protocol/base/parse';
import * as v from 'valibot';
import type { LoggedUnit, NodeTotals } from './snapshot.ts';

/** Lines of history kept. */
export const LOG_LINES = 50;
/** Undecided results followed at once; older ones are forgotten, not counted. */
const MAX_WAITING = 4096;

const Line = v.object({
  workUnitId: WorkUnitIdSchema,
  jobId: JobId,
  title: v.string(),
  requesterLabel: v.string(),
  kernel: v.string(),
  index: Count,
  units: Count,
  outcome: v.picklist([
    'sending',
    'waiting',
    'accepted',
    'disagreed',
    'expired',
    'not-needed',
    'failed',
    'revoked',
    'checked',
  ]),
  chunks: v.optional(Count),
  reason: v.nullable(v.string()),
  device: v.nullable(v.string()),
  computeMs: Millis,
  resultDigest: v.nullable(BlobDigest),
  finishedAt: Millis,
  credits: Credits,
  reward: v.string(),
});

/** How the history is kept between visits. */
const LedgerRecord = v.object({
  accepted: Count,
  disagreed: Count,
  expired: Count,
  failed: Count,
  checks: v.optional(Count, 0),
  credits: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
  reward: Wei,
  waiting: v.array(WorkUnitIdSchema),
  log: v.pipe(v.array(Line), v.maxLength(LOG_LINES)),
});

export type Verdict = Pick<
  Extract<RelayMessage, { type: 'verdict' }>,
  'workUnitId' | 'verdict' | 'credits' | 'reward'
> & {
  /** Why, for a result that did not count: a code, or a word. */
  why?: string;
};

/** The node's own account of its work: what waits, what was decided. A unit is decided once, however often it is told. */
export interface Ledger {
  /** A unit left the slots: finished (`sending`), `failed`, `revoked` or `expired`. */
  ended(line: LoggedUnit): void;
  /** The relay has it safe: from now on the network decides. */
  stored(workUnitId: WorkUnitId): void;
  /** Its result was refused, or its lease ran out, before any verdict. */
  dropped(workUnitId: WorkUnitId, outcome: 'expired' | 'failed', reason: string): void;
  /** Another node's result was checked. */
  checked(line: LoggedUnit): void;
  /** @returns whether this was news. */
  decided(verdict: Verdict): boolean;
  readonly waiting: ReadonlySet<WorkUnitId>;
  totals(): NodeTotals;
  log(): LoggedUnit[];
  /** To be stored as JSON and given to `createLedger` at the next visit. */
  record(): unknown;
}

const finals = { agreed: 'accepted', disagreed: 'disagreed', expired: 'expired', 'not-needed': 'not-needed' } as const;

/** @param record what `record()` gave at the last visit; anything unreadable starts afresh. */
export function createLedger(record?: unknown): Ledger {
  const parsed = tryParse(LedgerRecord, record);
  const kept = parsed.ok ? parsed.value : undefined;
  const counts = {
    accepted: kept?.accepted ?? 0,
    disagreed: kept?.disagreed ?? 0,
    expired: kept?.expired ?? 0,
    failed: kept?.failed ?? 0,
    checks: kept?.checks ?? 0,
    credits: kept?.credits ?? 0,
    reward: kept?.reward ?? 0n,
  };
  const waiting = new Set<WorkUnitId>(kept?.waiting);
  let log: LoggedUnit[] = kept?.log ?? [];

  const enter = (line: LoggedUnit) => {
    log = [line, ...log.filter((other) => other.workUnitId !== line.workUnitId)].slice(0, LOG_LINES);
  };
  const change = (workUnitId: WorkUnitId, changes: Partial<LoggedUnit>) => {
    log = log.map((line) => (line.workUnitId === workUnitId ? { ...line, ...changes } : line));
  };

  /** A check of ours was paid with its unit: told once, for as long as its line is kept. */
  function paidCheck({ workUnitId, verdict, credits, reward }: Verdict): boolean {
    const line = log.find((other) => other.workUnitId === workUnitId);
    if (line?.outcome !== 'checked' || line.reward !== '0' || verdict !== 'agreed' || reward === 0n) return false;
    counts.credits += credits;
    counts.reward += reward;
    change(workUnitId, { credits, reward: reward.toString() });
    return true;
  }

  return {
    ended(line) {
      enter(line);
      if (line.outcome === 'failed') counts.failed++;
      if (line.outcome === 'expired') counts.expired++;
    },
    stored(workUnitId) {
      waiting.add(workUnitId);
      if (waiting.size > MAX_WAITING) waiting.delete(waiting.values().next().value as WorkUnitId);
      change(workUnitId, { outcome: 'waiting' });
    },
    dropped(workUnitId, outcome, reason) {
      counts[outcome]++;
      change(workUnitId, { outcome, reason });
    },
    checked(line) {
      counts.checks++;
      enter(line);
    },
    decided({ workUnitId, verdict, credits, reward, why }) {
      if (!waiting.delete(workUnitId)) return paidCheck({ workUnitId, verdict, credits, reward });
      if (verdict === 'agreed') {
        counts.accepted++;
        counts.credits += credits;
        counts.reward += reward;
      } else if (verdict !== 'not-needed') counts[verdict]++;
      const reason = why === undefined ? {} : { reason: why };
      change(workUnitId, { outcome: finals[verdict], credits, reward: reward.toString(), ...reason });
      return true;
    },
    waiting,
    totals: () => ({ ...counts, waiting: waiting.size, reward: counts.reward.toString() }),
    log: () => log,
    record: () => ({ ...counts, reward: counts.reward.toString(), waiting: [...waiting], log }),
  };
}
