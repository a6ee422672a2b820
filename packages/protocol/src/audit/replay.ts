import { toHex } from '../base/bytes.ts';
import type { Millis } from '../base/units.ts';
import type { ShardEvent } from '../journal/entry.ts';
import { decodeEntry, type SpecSource } from '../journal/entry-codec.ts';
import { appendHash, EMPTY_LOG, hashEntry, rootOfLog } from '../journal/log-tree.ts';
import { orderClaims } from '../machine/claims.ts';
import { createShard, stepShard } from '../machine/shard.ts';
import type { ShardState, Totals } from '../machine/state.ts';
import type { KernelFacts, KernelRef } from '../model/kernel-manifest.ts';
import { type Difference, differ, differenceOf } from './difference.ts';
import { createDrawCheck } from './draws.ts';
import type { Balance, ReplayedEpoch } from './epochs.ts';
import { refusalOf } from './refusals.ts';
import type { SignatureCheck } from './signatures.ts';

/** A relay stamps entries by a clock that it never lets fall behind; this is forgiven. */
const BACKWARDS_MS = 60_000;
/** So far ahead of the auditor's clock an entry may be dated. */
const AHEAD_MS = 24 * 60 * 60 * 1000;

export interface ReplayOptions {
  /** What the auditor knows of a kernel, by its pinned name; undefined for one it does not know. */
  factsOf?: (kernel: KernelRef) => KernelFacts | undefined;
  /** Checks signatures, too. */
  signatures?: SignatureCheck;
  /** The auditor's clock; dates are not compared with it unless given. */
  now?: Millis;
  /** Sees each entry that passed, with the state after it. */
  observe?: (index: number, event: ShardEvent, state: ShardState) => void;
}

export interface ReplayResult {
  /** Entries that passed. */
  readonly entries: number;
  readonly epochs: readonly ReplayedEpoch[];
  /** As of the newest sealed epoch, by account. */
  readonly balances: readonly Balance[];
  readonly totals: Totals;
  /** Draws repeated, and draws whose secret is not open yet. */
  readonly draws: { readonly repeated: number; readonly open: number };
  readonly difference?: Difference;
}

export interface Replay {
  /**
   * Takes the entry at `index`, which must be the next one; `hash` is its leaf's, where it is known. After a difference
   * nothing more is taken. Synchronous but where `specOf` is not; rejects only with what `specOf` rejects with.
   */
  next(index: number, bytes: Uint8Array, specOf: SpecSource, hash?: Uint8Array): void | Promise<void>;
  readonly difference: Difference | undefined;
  readonly state: ShardState;
  result(): ReplayResult;
}

/** Re-runs the relay's rules over its journal, entry by entry, and stops at the first entry they do not lead to. */
export function createReplay(options: ReplayOptions = {}): Replay {
  const state = createShard();
  const draws = createDrawCheck();
  const epochs: ReplayedEpoch[] = [];
  let log = EMPTY_LOG;
  let difference: Difference | undefined;

  function beforeStep(index: number, event: ShardEvent): Difference | undefined {
    if (index !== log.size) throw new RangeError(`entry ${index} came where ${log.size} was expected`);
    if (event.at < state.now - BACKWARDS_MS) {
      return differ({ index, what: 'the time', expected: `at least ${state.now}`, received: String(event.at) });
    }
    if (options.now !== undefined && event.at > options.now + AHEAD_MS) {
      return differ({ index, what: 'the time', expected: `at most ${options.now}`, received: String(event.at) });
    }
    if (event.type === 'job.posted') {
      const facts = options.factsOf?.(event.spec.stages[0]?.kernel as KernelRef);
      if (facts !== undefined) return compareFacts(index, facts, event.kernel);
    }
    if (event.type === 'replica.committed') draws.committed(index, event);
    if (event.type !== 'epoch.sealed') return undefined;
    const expected = toHex(rootOfLog(log));
    if (expected !== event.journalRoot) {
      return differ({ index, what: 'the journal root', expected, received: event.journalRoot }, event.epoch);
    }
    return undefined;
  }

  function noteEpochs(index: number, event: ShardEvent): void {
    if (event.type === 'epoch.sealed') {
      const sealed = state.epochs.at(-1);
      if (sealed === undefined) return;
      const { claimsRoot, receiptsRoot, journalRoot, totalCumulative, claims } = sealed;
      const accounts = claims.length;
      epochs.push({ epoch: event.epoch, index, claimsRoot, receiptsRoot, journalRoot, totalCumulative, accounts });
    }
    if (event.type !== 'epoch.posted') return;
    const at = epochs.findIndex(({ epoch }) => epoch === event.epoch);
    const known = epochs[at];
    if (known !== undefined) epochs[at] = { ...known, posted: { index, tx: event.tx, block: event.block } };
  }

  function take(index: number, event: ShardEvent, hash: Uint8Array): Difference | undefined {
    const found = beforeStep(index, event) ?? options.signatures?.check(index, event, state);
    if (found !== undefined) return found;
    const { ignored } = stepShard(state, event);
    if (ignored !== undefined) return differ({ index, ...refusalOf(ignored.reason) });
    if (event.type === 'epoch.sealed') {
      const drawn = draws.sealed(event);
      if (drawn !== undefined) return drawn;
    }
    log = appendHash(log, hash);
    noteEpochs(index, event);
    options.observe?.(index, event, state);
    return undefined;
  }

  return {
    get difference() {
      return difference;
    },
    state,
    next(index, bytes, specOf, hash) {
      if (difference !== undefined) return undefined;
      let event: ShardEvent | Promise<ShardEvent>;
      const refuse = (error: unknown) => {
        difference = differenceOf(error);
        if (difference === undefined) throw error;
      };
      const go = (decoded: ShardEvent) => {
        difference = take(index, decoded, hash ?? hashEntry(bytes));
      };
      try {
        event = decodeEntry(bytes, index, specOf);
      } catch (error) {
        return refuse(error);
      }
      return event instanceof Promise ? event.then(go, refuse) : go(event);
    },
    result: () => ({
      entries: log.size,
      epochs,
      balances: orderClaims(state.cumulative),
      totals: { ...state.totals },
      draws: { repeated: draws.repeated, open: draws.open },
      ...(difference === undefined ? {} : { difference }),
    }),
  };
}

function compareFacts(index: number, expected: KernelFacts, received: KernelFacts): Difference | undefined {
  for (const key of Object.keys(expected) as (keyof KernelFacts)[]) {
    if (expected[key] === received[key]) continue;
    const what = `the kernel’s "${key}"`;
    return differ({ index, what, expected: String(expected[key]), received: String(received[key]) });
  }
  return undefined;
}
