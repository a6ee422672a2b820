import type { KernelPool } from '@reckon/kernels/engine/pool';
import type { ChunkRules } from '@reckon/kernels/kernel';
import type { NodeId } from '@reckon/protocol/base/ids';
import type { Clock, Log, NodeSigner, Random, WorkChannel } from '@reckon/protocol/base/ports';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import type { Seconds } from '@reckon/protocol/base/units';
import type { SignedConsent } from '@reckon/protocol/model/consent';
import type { SignedDelegation } from '@reckon/protocol/model/delegation';
import type { Capabilities } from '@reckon/protocol/wire/capabilities';
import type { NodeKind } from '@reckon/protocol/wire/messages';
import type { Verdict } from './ledger.ts';
import type { DeviceSignals } from './policy.ts';
import type { NodeSettings } from './settings.ts';
import type { NodeSnapshot } from './snapshot.ts';
import type { NodeStore } from './store.ts';

export interface NodeOptions {
  /** Opens a connection to the relay; tries what it has in order of preference. */
  connect: (signal: AbortSignal) => Promise<WorkChannel>;
  /** Makes a pool; called at each start, because stopping closes the pool and ends its workers. */
  openPool: (size: number) => KernelPool;
  signer: NodeSigner;
  store: NodeStore;
  clock: Clock;
  random: Random;
  log: Log;
  /**
   * The consent in force, signed for the relay's domain; undefined when nobody has agreed or it has ended.
   * `skew` is how far the relay's clock, by which it is checked, is ahead of this device's.
   */
  consent: (domain: TypedDomain, skew: Seconds) => SignedConsent | undefined;
  kind: NodeKind;
  agent: string;
  /** All the device can do; the settings narrow it. */
  capabilities: Capabilities;
  settings: NodeSettings;
  /** How a kernel's results are cut, by `id@version`; the product's kernels unless a test brings others. */
  chunksOf?: (kernel: string) => ChunkRules | undefined;
  /** Asks the relay what became of results whose verdict was given while this node was away. */
  fetchVerdicts?: (nodeId: NodeId) => Promise<Verdict[]>;
}

/** A volunteer's node. Platform-free: the adapters bring workers, storage and connections. */
export interface ReckonNode {
  readonly nodeId: NodeId;
  start(): void;
  /** Finishes the units under lease, then pauses. */
  finish(): void;
  /** Ends every kernel worker at once; results already computed are still delivered. */
  pause(): void;
  /** Leaves at once and for good. */
  close(): void;
  setSettings(settings: Partial<NodeSettings>): void;
  /** What the platform says about the device now; `policy.ts` decides whether to rest. */
  setSignals(signals: DeviceSignals): void;
  /** Sends a wallet's delegation now, or when the relay next answers. */
  linkWallet(delegation: SignedDelegation): void;
  /** Asks for verdicts given while away; happens by itself at each connection. */
  reconcile(): Promise<void>;
  subscribe(listener: () => void): () => void;
  snapshot(): NodeSnapshot;
}
