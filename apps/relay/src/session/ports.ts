import type { ErrorCode } from '@reckon/protocol/base/error-codes';
import type { Hex } from '@reckon/protocol/base/bytes';
import type { Address, NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { Clock, Log, Random, RecoverAddress } from '@reckon/protocol/base/ports';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import type { ShardEvent } from '@reckon/protocol/journal/entry';
import type { RelayMessage } from '@reckon/protocol/wire/messages';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Coordinator } from '../coordinator.ts';
import type { StoredResults } from '../evidence/stored-result.ts';
import type { KernelCatalogue } from '../kernels.ts';
import type { RevealStore } from '../reveals/reveal-store.ts';

/** What passes through channels, counted. */
export interface Meter {
  received(bytes: number): void;
  sent(bytes: number): void;
  refused(code: ErrorCode | string): void;
  /** Slot time computed and slot time there was, since the last heartbeat. */
  busy(busyMs: number, slotMs: number): void;
}

/** How far units are, as their nodes say. Not part of the journal. */
export interface ProgressBoard {
  note(workUnitId: WorkUnitId, nodeId: NodeId, fraction: number): void;
  forgetNode(nodeId: NodeId): void;
}

export interface SessionPorts {
  coordinator: Coordinator;
  blobs: BlobStore;
  reveals: RevealStore;
  stored: StoredResults;
  kernels: KernelCatalogue;
  clock: Clock;
  random: Random;
  log: Log;
  recover: RecoverAddress;
  /** Whether the wallet, which may be a contract, signed the digest. @throws {ReckonError} CHAIN_UNREACHABLE. */
  verifyWallet(account: Address, digest: Uint8Array, signature: Hex): Promise<boolean>;
  domain: TypedDomain;
  isSite(id: string): boolean;
  heartbeatMs: number;
  meter: Meter;
  progress: ProgressBoard;
}

/** What the parts of one session share. */
export interface SessionContext {
  ports: SessionPorts;
  nodeId: NodeId;
  send(message: RelayMessage): void;
  /** Submits an event; the coordinator answers with the refusal it may get. */
  submit(event: ShardEvent): Promise<void>;
  /** Something failed here: ends the connection and refuses nothing, so that the node brings its results again. */
  abandon(error: unknown): void;
  /** Answers with a coded refusal; the connection stays unless it is fatal. */
  refuse(error: unknown, workUnitId?: WorkUnitId, fatal?: boolean): void;
}
