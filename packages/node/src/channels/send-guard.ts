import { ReckonError } from '@reckon/protocol/base/errors';
import { MAX_CHANNEL_MESSAGE_BYTES } from '@reckon/protocol/base/ports';

/** @throws {ReckonError} CHANNEL_CLOSED after the end; MESSAGE_TOO_LARGE for what no adapter carries. */
export function guardSend(data: string | Uint8Array, closed: string | undefined): void {
  if (closed !== undefined) throw new ReckonError('CHANNEL_CLOSED', { reason: closed });
  // Control text is far below the limit, so that its length in characters may stand for bytes unless it is near.
  const sizeBytes = typeof data === 'string' ? utf8Length(data) : data.length;
  if (sizeBytes > MAX_CHANNEL_MESSAGE_BYTES) {
    throw new ReckonError('MESSAGE_TOO_LARGE', { limitBytes: MAX_CHANNEL_MESSAGE_BYTES, sizeBytes });
  }
}

/** Exact only where it matters: a text of n characters has at most 3n bytes. */
const utf8Length = (text: string): number =>
  text.length * 3 <= MAX_CHANNEL_MESSAGE_BYTES ? text.length : new TextEncoder().encode(text).length;
