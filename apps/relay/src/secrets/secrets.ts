import { createHmac, hkdfSync } from 'node:crypto';
import { concat, fromHex, toHex, toUtf8, u32be } from '@reckon/protocol/base/bytes';
import type { Hash, NetworkTag, WorkUnitId } from '@reckon/protocol/base/ids';
import { drawSeed, secretCommitment } from '@reckon/protocol/trust/beacon';
import { networkPrefix } from './network-prefix.ts';

/**
 * What the relay knows and nobody else may yet: made of the operator's key and the relay's id (HKDF-SHA256, RFC 5869, the
 * id as salt), so that there is nothing further to keep and a restart has the same ones. They tell nothing about the key.
 */
export interface Secrets {
  /** Draws for what is sealed in this epoch; opened when it is sealed. */
  drawSecret(epoch: number): Hash;
  /** Binds the secret of an epoch before it is used. */
  commitment(epoch: number): Hash;
  /** What is drawn for a seal in this epoch. */
  draw(seal: Hash, epoch: number, beacon: Hash): Hash;
  /** Blinds the results of a unit until it is opened. */
  tagKey(workUnitId: WorkUnitId): Hash;
  /** Names the network an address lies in; null for an address that says nothing about where it is. */
  networkTag(address: string | undefined): NetworkTag | null;
}

/** @param operatorKey 0x and 64 hex digits. */
export function createSecrets(operatorKey: string, relayId: string): Secrets {
  const key = fromHex(operatorKey);
  const derive = (info: Uint8Array): Uint8Array => new Uint8Array(hkdfSync('sha256', key, toUtf8(relayId), info, 32));
  const networkKey = derive(toUtf8('reckon:network-tag:v1'));
  let newest: { epoch: number; secret: Uint8Array } | undefined;
  const secretOf = (epoch: number): Uint8Array => {
    if (newest?.epoch !== epoch)
      newest = { epoch, secret: derive(concat(toUtf8('reckon:draw-secret:v1'), u32be(epoch))) };
    return newest.secret;
  };
  return {
    drawSecret: (epoch) => toHex(secretOf(epoch)),
    commitment: (epoch) => toHex(secretCommitment(secretOf(epoch))),
    draw: (seal, epoch, beacon) => toHex(drawSeed(fromHex(seal), secretOf(epoch), fromHex(beacon))),
    tagKey: (workUnitId) => toHex(derive(concat(toUtf8('reckon:tag-key:v1'), fromHex(workUnitId)))),
    networkTag(address) {
      const prefix = address === undefined ? undefined : networkPrefix(address);
      if (prefix === undefined) return null;
      return toHex(new Uint8Array(createHmac('sha256', networkKey).update(prefix).digest()).slice(0, 8));
    },
  };
}
