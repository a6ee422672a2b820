import type { Clock, Log, Random } from '@reckon/protocol/base/ports';
import type { SpecSource } from '@reckon/protocol/journal/entry-codec';
import type { ShardEvent, ShardEventOf } from '@reckon/protocol/journal/entry';
import type { ShardCommand } from '@reckon/protocol/machine/commands';
import type { RelayMessage } from '@reckon/protocol/wire/messages';
import type { BatchListener } from './batch.ts';
import type { Journal } from './journal/journal.ts';
import type { RevealStore } from './reveals/reveal-store.ts';
import type { Secrets } from './secrets/secrets.ts';

/** Where a node's messages go. Never throws; a link that has closed drops them. */
export interface NodeLink {
  send(message: RelayMessage): void;
}

export interface CoordinatorPorts {
  clock: Clock;
  random: Random;
  log: Log;
  journal: Journal;
  /** Gives the spec a job order names; the journal's entries do not hold it. */
  specOf: SpecSource;
  reveals: RevealStore;
  /** The secrets of the relay that the journal belongs to. */
  secretsOf(relayId: string): Secrets;
  listeners?: readonly BatchListener[];
  /** Runs a function soon, after what is already waiting: events that arrive until then share one flush. */
  defer(run: () => void): void;
  /** The disk or a rule failed: memory may be ahead of the journal, so the process must end and replay. */
  onFatal(error: unknown): void;
  /** An epoch was sealed, durably. After a replay the settler finds unposted ones in the state. */
  onPostEpoch?(command: Extract<ShardCommand, { type: 'post-epoch' }>): void;
  /** Results or checkers of a unit differ. After a replay `state.asking` says of which. */
  onReferee?(): void;
  onFlushed?(flush: { events: number; ms: number }): void;
  onIgnored?(event: ShardEvent, reason: string): void;
}

/** What the first entry of a new journal fixes. */
export type ShardConstantsEvent = Omit<ShardEventOf<'shard.opened'>, 'type' | 'at' | 'secretCommitment'>;
