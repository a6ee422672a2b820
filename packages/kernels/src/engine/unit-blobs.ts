import { ReckonError } from '@reckon/protocol/base/errors';
import type { UnitInput } from '../kernel.ts';
import type { WorkerBlob, WorkerUnit } from './worker-api.ts';

/**
 * A unit's blobs on their way into a worker that holds those of its last unit. One that it holds under the same digest is
 * only named: a stage's units share their model, and copying and hashing it for each would cost more than a small unit.
 */
export function sendBlobs({ blobs, digests }: UnitInput, holds: ReadonlySet<string>): WorkerBlob[] {
  return [...blobs].map(([name, bytes]): WorkerBlob => {
    const digest = digests?.get(name);
    if (digest === undefined) return { name, bytes: ownsBuffer(bytes) ? bytes : bytes.slice() };
    return holds.has(digest) ? { name, digest } : { name, digest, bytes: bytes.slice() };
  });
}

/** The digests of what a worker holds once these blobs have been sent. */
export const digestsOf = (sent: readonly WorkerBlob[]): Set<string> =>
  new Set(sent.flatMap(({ digest }) => digest ?? []));

/** Bytes that own their buffer, so that moving them moves nothing else. */
const ownsBuffer = (bytes: Uint8Array): boolean =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;

/** A worker's side of `sendBlobs`: a unit's input, with the blobs of the last one where it is only named. */
export function createReceiver() {
  let held = new Map<string, Uint8Array>();
  return ({ kernel, params, blobs: sent }: Pick<WorkerUnit, 'kernel' | 'params' | 'blobs'>): UnitInput => {
    const next = new Map<string, Uint8Array>();
    const blobs = new Map<string, Uint8Array>();
    const digests = new Map<string, string>();
    for (const { name, digest, bytes = held.get(digest ?? '') } of sent) {
      if (bytes === undefined) throw new ReckonError('KERNEL_INPUT_MISSING', { kernel, input: name });
      blobs.set(name, bytes);
      if (digest === undefined) continue;
      digests.set(name, digest);
      next.set(digest, bytes);
    }
    held = next;
    return { params, blobs, ...(digests.size > 0 && { digests }) };
  };
}
