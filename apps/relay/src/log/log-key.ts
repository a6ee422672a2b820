import { hkdfSync } from 'node:crypto';
import { createNoteSigner, type NoteSigner } from '@reckon/protocol/journal/signed-note';

/** A log is named like an address without its scheme; the relay's id stands for the host and never changes. */
export const logOrigin = (relayId: string): string => `${relayId}/log`;

/**
 * The Ed25519 key that signs the log's checkpoints, made from the operator's key (HKDF-SHA256, RFC 5869), so that there
 * is no further secret to keep. It tells nothing about the operator's key.
 * @param operatorKey 0x and 64 hex digits.
 */
export function createLogSigner(operatorKey: string, relayId: string): NoteSigner {
  const secret = hkdfSync('sha256', Buffer.from(operatorKey.slice(2), 'hex'), '', 'reckon:log-key:v1', 32);
  return createNoteSigner(logOrigin(relayId), new Uint8Array(secret));
}
