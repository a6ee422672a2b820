import { toJson } from '@reckon/protocol/base/json';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { frameBlob } from '@reckon/protocol/wire/framing';
import type { NodeMessage } from '@reckon/protocol/wire/messages';

type WithoutSeq<M> = M extends unknown ? Omit<M, 'seq'> : never;
/** A node's message before it is numbered. */
export type Outgoing = WithoutSeq<NodeMessage>;

/** Bytes and messages over all connections of a node. */
export interface Traffic {
  bytesIn: number;
  bytesOut: number;
  messagesIn: number;
  messagesOut: number;
}

/** The sending half of one connection. */
export interface Link {
  /** @throws {ReckonError} CHANNEL_CLOSED */
  send(message: Outgoing): void;
  /** Announces and sends a blob, waiting while the channel is full. Rejects with CHANNEL_CLOSED. */
  sendBlob(digest: BlobDigest, bytes: Uint8Array): Promise<void>;
}

/** Above the high mark sending waits until the low mark: a slow uplink fills no memory and still never runs dry. */
const HIGH_WATER = 1024 * 1024;
const LOW_WATER = 256 * 1024;

/** Numbers messages from 1 and blob streams from 1, as the relay expects of each new connection. */
export function createLink(channel: WorkChannel, traffic: Traffic): Link {
  let seq = 0;
  let streams = 0;

  const push = (data: string | Uint8Array) => {
    channel.send(data);
    traffic.messagesOut++;
    traffic.bytesOut += data.length;
  };
  const send = (message: Outgoing) => {
    seq++;
    push(toJson({ ...message, seq }));
  };

  return {
    send,
    async sendBlob(digest, bytes) {
      const stream = ++streams;
      send({ type: 'blob', stream, digest, size: bytes.length });
      for (const frame of frameBlob(stream, bytes)) {
        if (channel.bufferedAmount > HIGH_WATER) await channel.drained(LOW_WATER);
        push(frame);
      }
    },
  };
}
