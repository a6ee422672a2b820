import { ReckonError } from '@reckon/protocol/base/errors';
import { MAX_CHANNEL_MESSAGE_BYTES } from '@reckon/protocol/base/ports';

/** @throws {ReckonError} CHANNEL_CLOSED when the channel has ended; MESSAGE_TOO_LARGE above the channel's limit. */
export function checkSendable(data: string | Uint8Array, ended: string | undefined): void {
  if (ended !== undefined) throw new ReckonError('CHANNEL_CLOSED', { reason: ended });
  const sizeBytes = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
  if (sizeBytes > MAX_CHANNEL_MESSAGE_BYTES) {
    throw new ReckonError('MESSAGE_TOO_LARGE', { limitBytes: MAX_CHANNEL_MESSAGE_BYTES, sizeBytes });
  }
}
