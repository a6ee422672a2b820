import type { KernelRules } from '@reckon/kernels/kernel';
import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import type { NodeId } from '@reckon/protocol/base/ids';
import type { Random } from '@reckon/protocol/base/ports';
import type { ShardEventOf } from '@reckon/protocol/journal/entry';
import type { ResultLeaf } from '@reckon/protocol/model/attestation';
import type { BlobStore } from '../blobs/blob-store.ts';
import { checkCertificate, isCertificateWanted } from './certificate.ts';
import { chunksOf } from './chunks.ts';
import type { FoundUnit } from './find-unit.ts';

/** What the relay itself finds of a result, for the journal. */
export type Evidence = Pick<ShardEventOf<'replica.revealed'>, 'chunks' | 'certificate'>;

/** Why the kernel cannot read a result; whatever its rule throws is such a reason. */
function problemOf({ inspect }: KernelRules, params: string, bytes: Uint8Array): string | undefined {
  try {
    return inspect(params, bytes);
  } catch (error) {
    return String(error);
  }
}

/** What is wrong on our disk is not the result's fault. */
const OURS = new Set(['BLOB_MISSING', 'BLOB_CORRUPT', 'UNEXPECTED']);

/**
 * Reads a result, cuts it into its chunks and checks its certificate where one is wanted. Returns the error for a result
 * that can never count.
 * @throws {ReckonError} what is not the result's fault.
 */
export async function checkResult(
  ports: { blobs: BlobStore; random: Random },
  found: FoundUnit,
  nodeId: NodeId,
  leaf: ResultLeaf,
  bytes: Uint8Array,
): Promise<Evidence | ReckonError> {
  const { rules, spec, stage, unit } = found;
  const cause = problemOf(rules, spec.params, bytes);
  if (cause !== undefined) {
    return new ReckonError('KERNEL_RESULT_INVALID', { kernel: stage.kernel.name, cause: cause.slice(0, 500) });
  }
  try {
    const chunked = chunksOf(rules, spec.params, bytes);
    if (chunked !== undefined && chunked.root !== leaf.traceRoot) {
      const details = { field: 'traceRoot', expected: chunked.root, received: leaf.traceRoot };
      return new ReckonError('ATTESTATION_MISMATCH', { workUnitId: unit.id, ...details });
    }
    const chunks = chunked && { root: chunked.root, count: chunked.digests.length };
    const certificate = isCertificateWanted(found, nodeId) ? await checkCertificate(ports, found, bytes) : undefined;
    return { ...(chunks && { chunks }), ...(certificate && { certificate }) };
  } catch (error) {
    const known = toReckonError(error);
    if (OURS.has(known.code)) throw error;
    return known;
  }
}
