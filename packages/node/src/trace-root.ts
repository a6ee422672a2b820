import type { ChunkRules } from '@reckon/kernels/kernel';
import type { Hash } from '@reckon/protocol/base/ids';
import { NO_TRACE } from '@reckon/protocol/model/attestation';
import { chunkDigest, chunkTree } from '@reckon/protocol/trust/chunk-tree';

/**
 * Root of a result's chunks, which its seal binds it to before anybody chooses which of them are recomputed; `NO_TRACE` for
 * a kernel without chunks.
 * @throws {ReckonError} KERNEL_PARAMS_INVALID
 */
export function traceRootOf(chunks: ChunkRules | undefined, params: string, result: Uint8Array): Hash {
  if (chunks === undefined) return NO_TRACE;
  const digests = Array.from({ length: chunks.count(params) }, (_, index) =>
    chunkDigest(chunks.slice(params, result, index)),
  );
  return chunkTree(digests).root;
}
