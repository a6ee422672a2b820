import type { Preview } from '@reckon/kernels/kernel';
import type { WireError } from '@reckon/protocol/base/errors';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { SignedDelegation } from '@reckon/protocol/model/delegation';
import type { PeerTarget } from '@reckon/node/channels/peer';
import type { DeviceSignals } from '@reckon/node/policy';
import type { NodeSettings } from '@reckon/node/settings';
import type { ConsentGrant, NodeSnapshot, UnitPicture } from '@reckon/node/snapshot';

/** Between a page and its engine worker: one bundle, one origin, so typed and not parsed. */

export interface EngineOptions {
  relayOrigin: string;
  kind: 'tab' | 'widget';
  /** The identity this tab had before a reload. */
  slot: number | undefined;
  /** Whether the page can open data channels. */
  webRtc: boolean;
  /** Overrides of the defaults, for a device without settings of its own. */
  settings: Partial<NodeSettings>;
}

export type ToEngine =
  | { type: 'open'; options: EngineOptions }
  /** Without a consent the one kept from an earlier visit is used, if it is still in force. */
  | { type: 'start'; consent: ConsentGrant | undefined }
  | { type: 'finish' | 'pause' | 'close' | 'forget' }
  | { type: 'signals'; signals: DeviceSignals }
  | { type: 'settings'; settings: Partial<NodeSettings> }
  | { type: 'delegate'; delegation: SignedDelegation }
  /** The answer to `peer-wanted`; the port speaks `port-channel.ts`. */
  | { type: 'peer-opened'; id: number; port: MessagePort }
  | { type: 'peer-failed'; id: number; error: WireError };

export type ToPage =
  /** Which identity the engine took. */
  | { type: 'opened'; slot: number }
  /** Without previews, which are large and rarely new. */
  | { type: 'snapshot'; snapshot: NodeSnapshot }
  | { type: 'preview'; workUnitId: WorkUnitId; preview: Preview }
  | { type: 'picture'; picture: UnitPicture }
  | { type: 'peer-wanted'; id: number; target: Omit<PeerTarget, 'Peer'> }
  | { type: 'peer-unwanted'; id: number }
  | { type: 'closed' };
