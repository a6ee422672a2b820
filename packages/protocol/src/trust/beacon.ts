import { concat, fromHex, toHex, toUtf8 } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import type { Hash, ResultDigest, WorkUnitId } from '../base/ids.ts';

/**
 * Draws that nobody can foresee and everybody can repeat (commit then sample: the node commits to its result first, the
 * relay to its secret, and the beacon is a block neither of them chose). The secret is opened when its epoch ends.
 * Seals, secrets, beacons and seeds are 32 bytes each, so that no two inputs run together into the same bytes.
 */

const DRAW_TAG = toUtf8('reckon:draw:v1');
const SECRET_TAG = toUtf8('reckon:secret:v1');
const RESULT_TAG = toUtf8('reckon:result-tag:v1');

/** SHA-256(tag ‖ secret): what the relay publishes before it draws with the secret. */
export const secretCommitment = (secret: Uint8Array): Uint8Array => sha256(concat(SECRET_TAG, secret));

/** Seed of all that is drawn for one sealed result: SHA-256(tag ‖ seal ‖ secret ‖ beacon). */
export const drawSeed = (seal: Uint8Array, secret: Uint8Array, beacon: Uint8Array): Uint8Array =>
  sha256(concat(DRAW_TAG, seal, secret, beacon));

const drawBytes = (seed: Uint8Array, purpose: string): DataView =>
  new DataView(sha256(concat(seed, toUtf8(purpose))).buffer);

/** A whole number in [0, 2³²), another for each purpose: the first 4 bytes of SHA-256(seed ‖ purpose). */
export const drawU32 = (seed: Uint8Array, purpose: string): number => drawBytes(seed, purpose).getUint32(0);

/** A number in [0, 1), another for each purpose: the first 53 bits of SHA-256(seed ‖ purpose). */
export function drawFraction(seed: Uint8Array, purpose: string): number {
  const bytes = drawBytes(seed, purpose);
  return (bytes.getUint32(0) * 2 ** 21 + (bytes.getUint32(4) >>> 11)) / 2 ** 53;
}

/**
 * A blinded name of a result, which can stand in the journal before the result may be known: equal results of a unit
 * have equal tags, and without the secret a tag cannot be compared with a guess.
 */
export const resultTag = (secret: Uint8Array, workUnitId: WorkUnitId, digest: ResultDigest): Hash =>
  toHex(sha256(concat(RESULT_TAG, secret, fromHex(workUnitId), fromHex(digest))));
