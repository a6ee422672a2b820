import { concat } from '../base/bytes.ts';
import { ReckonError } from '../base/errors.ts';

/**
 * Bulk bytes travel as frames: a 16-byte big-endian header and at most 64 KiB of a blob.
 * u8 version · u8 kind · u16 zero · u32 stream · u32 offset · u32 total. A `blob` message opens the stream first.
 */
export const FRAME_HEADER_BYTES = 16;
export const MAX_FRAME_PAYLOAD = 64 * 1024;
const VERSION = 1;
const KIND_BLOB = 1;

export interface Frame {
  stream: number;
  /** Where in the blob the payload lies. */
  offset: number;
  /** Size of the whole blob. */
  total: number;
  payload: Uint8Array;
}

export function encodeFrame(frame: Frame): Uint8Array {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, KIND_BLOB);
  view.setUint32(4, frame.stream);
  view.setUint32(8, frame.offset);
  view.setUint32(12, frame.total);
  return concat(header, frame.payload);
}

/** @throws {ReckonError} MESSAGE_INVALID for any header that `encodeFrame` cannot make, or a payload outside the blob. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const fail = (path: string, expected: string, received: number) =>
    new ReckonError('MESSAGE_INVALID', { path: `frame.${path}`, expected, received: String(received) });
  if (bytes.length <= FRAME_HEADER_BYTES) throw fail('length', `more than ${FRAME_HEADER_BYTES} bytes`, bytes.length);
  if (bytes.length > FRAME_HEADER_BYTES + MAX_FRAME_PAYLOAD) {
    throw fail('length', `at most ${FRAME_HEADER_BYTES + MAX_FRAME_PAYLOAD} bytes`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== VERSION) throw fail('version', String(VERSION), view.getUint8(0));
  if (view.getUint8(1) !== KIND_BLOB) throw fail('kind', String(KIND_BLOB), view.getUint8(1));
  if (view.getUint16(2) !== 0) throw fail('reserved', '0', view.getUint16(2));
  const [stream, offset, total] = [view.getUint32(4), view.getUint32(8), view.getUint32(12)];
  const payload = bytes.subarray(FRAME_HEADER_BYTES);
  if (offset + payload.length > total) throw fail('offset', `payload within ${total} bytes`, offset + payload.length);
  return { stream, offset, total, payload };
}

/** The frames of a blob from `offset` on, in order. An empty blob has none. */
export function* frameBlob(stream: number, blob: Uint8Array, offset = 0): Generator<Uint8Array> {
  for (let at = offset; at < blob.length; at += MAX_FRAME_PAYLOAD) {
    const payload = blob.subarray(at, Math.min(at + MAX_FRAME_PAYLOAD, blob.length));
    yield encodeFrame({ stream, offset: at, total: blob.length, payload });
  }
}
