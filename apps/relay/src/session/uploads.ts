import { concat } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { decodeFrame, MAX_FRAME_PAYLOAD } from '@reckon/protocol/wire/framing';
import type { NodeMessage } from '@reckon/protocol/wire/messages';

type BlobMessage = Extract<NodeMessage, { type: 'blob' }>;

interface Stream {
  digest: BlobDigest;
  size: number;
  received: number;
  /** Undefined when its bytes are not wanted. */
  chunks: Uint8Array[] | undefined;
}

const MAX_STREAMS = 32;
/** Bytes of unfinished results one node may keep here. */
const MAX_OPEN_BYTES = 64 * 1024 * 1024;
/** Streams whose frames are dropped in silence, because their opening was answered already: no more frames than they have. */
const MAX_DROPPED = 256;

export interface UploadPorts {
  /** @throws {ReckonError} why bytes of that digest are not taken; `false` when they are here already. */
  admit(digest: BlobDigest, size: number): boolean;
  complete(digest: BlobDigest, bytes: Uint8Array): void;
}

/** Puts a node's frames together into the blobs it announced. Sizes are bounded before anything is kept. */
export function createUploads({ admit, complete }: UploadPorts) {
  const streams = new Map<number, Stream>();
  const dropped = new Map<number, Stream>();

  function drop(number: number, stream: Stream): void {
    streams.delete(number);
    dropped.set(number, { ...stream, chunks: undefined });
    const oldest = dropped.keys().next().value;
    if (dropped.size > MAX_DROPPED && oldest !== undefined) dropped.delete(oldest);
  }

  /** Frames are full but for the last: a blob in tiny ones would cost far more memory than its size. */
  function check(stream: Stream, offset: number, total: number, length: number): void {
    const due = Math.min(MAX_FRAME_PAYLOAD, stream.size - stream.received);
    if (total === stream.size && offset === stream.received && length === due) return;
    const expected = `${due} bytes at ${stream.received} of ${stream.size}`;
    const received = `${length} bytes at ${offset} of ${total}`;
    throw new ReckonError('MESSAGE_INVALID', { path: 'frame', expected, received });
  }

  return {
    /** @throws {ReckonError} what `admit` throws; MESSAGE_INVALID for a stream that is open; RATE_LIMITED for too many. */
    open({ stream, digest, size }: BlobMessage): void {
      if (streams.has(stream)) {
        throw new ReckonError('MESSAGE_INVALID', {
          path: 'stream',
          expected: 'a new number',
          received: String(stream),
        });
      }
      dropped.delete(stream);
      try {
        const open = [...streams.values()].reduce((sum, other) => sum + other.size, size);
        if (streams.size >= MAX_STREAMS || open > MAX_OPEN_BYTES)
          throw new ReckonError('RATE_LIMITED', { retryAfterMs: 1000 });
        if (!admit(digest, size)) return drop(stream, { digest, size, received: 0, chunks: undefined });
      } catch (error) {
        drop(stream, { digest, size, received: 0, chunks: undefined });
        throw error;
      }
      if (size === 0) complete(digest, new Uint8Array(0));
      else streams.set(stream, { digest, size, received: 0, chunks: [] });
    },

    /** @throws {ReckonError} MESSAGE_INVALID for a frame that is not the next of its stream; the stream then ends. */
    frame(bytes: Uint8Array): void {
      const frame = decodeFrame(bytes);
      const open = streams.get(frame.stream) ?? dropped.get(frame.stream);
      if (open === undefined) {
        throw new ReckonError('MESSAGE_OUT_OF_ORDER', {
          received: 'frame',
          expected: 'the blob message that opens it',
        });
      }
      try {
        check(open, frame.offset, frame.total, frame.payload.length);
      } catch (error) {
        drop(frame.stream, open);
        throw error;
      }
      open.received += frame.payload.length;
      open.chunks?.push(frame.payload.slice());
      if (open.received < open.size) return;
      streams.delete(frame.stream);
      dropped.delete(frame.stream);
      if (open.chunks !== undefined) complete(open.digest, concat(...open.chunks));
    },
  };
}
