import type { Hex } from './bytes.ts';
import type { NodeId, Signature } from './ids.ts';
import type { Millis } from './units.ts';

/** What the pure core needs from the world; every port has a fake in `testing/` and an acceptance suite. */

export interface Clock {
  now(): Millis;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: Millis, signal?: AbortSignal): Promise<void>;
}

export interface AbortSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
  /** A whole number in [0, 2³²). */
  u32(): number;
}

export type LogFields = Readonly<Record<string, unknown>>;
/** Event names are stable dotted words (`work-unit.accepted`); fields carry ids, never payloads, addresses of people or keys. */
export interface Log {
  debug(fields: LogFields, event: string): void;
  info(fields: LogFields, event: string): void;
  warn(fields: LogFields, event: string): void;
  error(fields: LogFields, event: string): void;
}

/** Signs EIP-712 digests with a node's session key; the key itself never leaves the adapter. */
export interface NodeSigner {
  readonly nodeId: NodeId;
  sign(digest: Uint8Array): Signature;
}

/** Recovers the lower-case address that signed a 32-byte digest, or undefined when the signature is not one. */
export type RecoverAddress = (digest: Uint8Array, signature: Hex) => Hex | undefined;

/**
 * An ordered, reliable, message-oriented connection between a node and a relay.
 * Text carries control messages, bytes carry frames (`wire/framing.ts`). A handler set late receives what was queued.
 */
export interface WorkChannel {
  readonly kind: 'webrtc' | 'websocket' | 'memory';
  /** Bytes accepted by `send` that have not left yet. */
  readonly bufferedAmount: number;
  /** @throws {ReckonError} CHANNEL_CLOSED after close; MESSAGE_TOO_LARGE above `MAX_CHANNEL_MESSAGE_BYTES`. */
  send(data: string | Uint8Array): void;
  /** Resolves once `bufferedAmount` ≤ `bytes`; rejects with CHANNEL_CLOSED when the channel closes first. */
  drained(bytes: number): Promise<void>;
  /** Sets the one receiver of messages. */
  onMessage(receive: (data: string | Uint8Array) => void): void;
  /** Sets the one listener told that the channel has ended, from either side, exactly once. */
  onClose(closed: (reason: string) => void): void;
  close(reason?: string): void;
}

/** Largest message any adapter must carry: 64 KiB of payload and a frame header fit with room for JSON. */
export const MAX_CHANNEL_MESSAGE_BYTES = 256 * 1024;
