import type { WireError } from '@reckon/protocol/base/errors';
import type { Address, BlobDigest, JobId, KernelDigest, NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { Millis } from '@reckon/protocol/base/units';
import type { SignedDelegation } from '@reckon/protocol/model/delegation';
import type { Capabilities } from '@reckon/protocol/wire/capabilities';
import type { Preview } from '@reckon/kernels/kernel';
import type { NodeSettings } from './settings.ts';

/** Everything a screen may know of a running node. Plain data: it crosses worker boundaries as it is. */

export type NodeState = 'off' | 'starting' | 'waiting' | 'computing' | 'finishing' | 'paused' | 'blocked';

/** Why a node rests. All but `user` and `finished` end by themselves. */
export type PauseReason =
  | 'user'
  | 'finished'
  | 'on-battery'
  | 'battery-low'
  | 'save-data'
  | 'pressure'
  | 'hidden'
  | 'off-screen'
  | 'offline';

/** Why a node cannot work until a person does something. */
export type BlockReason = 'no-consent' | 'consent-expired' | 'unsupported' | 'outdated' | 'refused' | 'barred';

/** The one status line: state · reason · what changes it, in English words. */
export interface StatusLine {
  /** "Computing", "Paused". */
  title: string;
  /** "on battery", "digits for Ada"; absent when the title says all. */
  reason?: string;
  /** "Resumes when plugged in."; absent when nothing needs to change. */
  next?: string;
}

/** A work unit under lease here. */
export interface CurrentUnit {
  workUnitId: WorkUnitId;
  jobId: JobId;
  title: string;
  requesterLabel: string;
  /** `id@version` and digest of the kernel that runs it. */
  kernel: string;
  kernelDigest: KernelDigest;
  /** Zero-based place among the job's `units`. */
  index: number;
  units: number;
  /** Only some chunks of it are recomputed, to check another node's result. */
  check: boolean;
  /** `fetching` its blobs, `queued` behind a running unit, `computing`. Finished ones are in the log. */
  phase: 'fetching' | 'queued' | 'computing';
  /** 0..1 while computing. What it runs on is in `NodeSnapshot.capabilities`, what it did run on in the log. */
  progress: number;
  /** The newest picture or text of the unit, when its kernel gives one. */
  preview: Preview | null;
  leasedAt: Millis;
  deadline: Millis;
  credits: number;
  /** Most it can pay, in the token's smallest unit, decimal. */
  reward: string;
}

/**
 * What became of a unit. `waiting`: stored by the relay, the network has not decided. `accepted`, `disagreed`, `expired`,
 * `not-needed`: its verdict. `failed`: could not be computed here. `revoked`: taken back. `sending`: not stored yet.
 * `checked`: another node's result, of which chunks were recomputed; no verdict comes.
 */
export type UnitOutcome =
  | 'sending'
  | 'waiting'
  | 'accepted'
  | 'disagreed'
  | 'expired'
  | 'not-needed'
  | 'failed'
  | 'revoked'
  | 'checked';

/** One line of the node's own history. */
export interface LoggedUnit {
  workUnitId: WorkUnitId;
  jobId: JobId;
  title: string;
  requesterLabel: string;
  kernel: string;
  index: number;
  units: number;
  outcome: UnitOutcome;
  /** Chunks recomputed, for `checked`. */
  chunks?: number | undefined;
  /** Why, for anything but a plain acceptance: an error code or the relay's words. */
  reason: string | null;
  device: string | null;
  computeMs: Millis;
  resultDigest: BlobDigest | null;
  finishedAt: Millis;
  /** By its verdict; 0 and "0" before. */
  credits: number;
  reward: string;
}

/** Counts over this node's life in this store. The stages are separate: never add them up. */
export interface NodeTotals {
  accepted: number;
  /** Stored, verdict outstanding. */
  waiting: number;
  disagreed: number;
  /** Leases or results that came too late. */
  expired: number;
  failed: number;
  /** Results of other nodes of which chunks were recomputed here. */
  checks: number;
  /** Credits of accepted units. */
  credits: number;
  /** Rewards of accepted units, smallest unit of the token, decimal. */
  reward: string;
}

/** What a unit looked like when last seen. */
export interface UnitPicture {
  workUnitId: WorkUnitId;
  title: string;
  index: number;
  units: number;
  preview: Preview;
}

export interface ChannelSnapshot {
  kind: 'webrtc' | 'websocket' | 'memory' | null;
  connected: boolean;
  /** When the next attempt is made; null while connected or not wanted. */
  retryAt: Millis | null;
  /** Over all connections since the node was created. */
  bytesIn: number;
  bytesOut: number;
  messagesIn: number;
  messagesOut: number;
}

export interface NodeSnapshot {
  /** Null until the node's key has been read or made. */
  nodeId: NodeId | null;
  state: NodeState;
  /** Set in `paused` and `blocked` only. */
  reason: PauseReason | BlockReason | null;
  status: StatusLine;
  units: CurrentUnit[];
  /** The newest picture of any unit, kept when the unit is done: short units show theirs only at their end. */
  lastPicture?: UnitPicture;
  totals: NodeTotals;
  /** Newest first, at most 50. */
  log: LoggedUnit[];
  channel: ChannelSnapshot;
  /** What this device can do, `capabilities.device` in words. */
  capabilities: Capabilities | null;
  settings: NodeSettings;
  /** When the consent in force ends. */
  consentExpiresAt: Millis | null;
  /** Wallet that rewards go to, as the relay confirmed it. */
  payoutAddress: Address | null;
  /** Share of slot time spent computing since the node started, 0..1. */
  busyShare: number;
  /** When the first unit since Start was accepted, and when Start was pressed. */
  startedAt: Millis | null;
  firstAcceptedAt: Millis | null;
  /** The last refusal or failure worth showing. */
  error: WireError | null;
  at: Millis;
}

/** A person's agreement, as the page hands it over: signed inside, by the session key. */
export interface ConsentGrant {
  /** A registered site's id in a widget, `self` on the volunteer page. */
  site: string;
  grantedAt: Millis;
}

/** A node as pages see it; shaped for React's `useSyncExternalStore`. Made by `apps/web/src/node/browser-node.ts`. */
export interface BrowserNode {
  /**
   * Starts or resumes; no request is made before the first call. Without a grant the consent kept from an earlier start is
   * used, if it is in force (`consentExpiresAt`), else the node is `blocked` with `no-consent`.
   */
  start(consent?: ConsentGrant): void;
  /** Finishes the units under lease, then pauses. */
  finish(): void;
  /** Ends every kernel worker at once. */
  pause(): void;
  /** Says goodbye and frees workers, channels and timers; the node cannot be started again. */
  close(): void;
  /** Withdraws the consent and deletes everything stored: key, cache, history. The node is closed after. */
  forget(): Promise<void>;
  /** @returns what ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** The same object until something changes; at most ten new ones a second. */
  getSnapshot(): NodeSnapshot;
  setSettings(settings: Partial<NodeSettings>): void;
  /** Sends a delegation signed by a wallet (EIP-712 `Delegation` over `getSnapshot().nodeId`). */
  linkWallet(delegation: SignedDelegation): void;
  /** The widget's frame and loader tell whether the panel is on screen. */
  setOnScreen(onScreen: boolean): void;
}
