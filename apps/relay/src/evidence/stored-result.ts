import type { BlobDigest, NodeId } from '@reckon/protocol/base/ids';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { RevealStore } from '../reveals/reveal-store.ts';
import { chunksOf, type ChunkedResult } from './chunks.ts';
import type { FoundUnit } from './find-unit.ts';

/** Trees kept: checkers of one result come soon after each other. */
const MAX_TREES = 64;

export interface StoredResults {
  /** The chunks of what the node revealed for the unit; undefined when it revealed nothing or the kernel has none. */
  chunksOf(found: FoundUnit, nodeId: NodeId): Promise<ChunkedResult | undefined>;
}

/** Reads revealed results back and cuts them into chunks. Throws {ReckonError} BLOB_MISSING, BLOB_CORRUPT. */
export function createStoredResults(ports: { blobs: BlobStore; reveals: RevealStore }): StoredResults {
  const trees = new Map<string, ChunkedResult>();

  async function read(found: FoundUnit, digest: BlobDigest): Promise<ChunkedResult | undefined> {
    // The same bytes may be a result of several units, which are cut by their own parameters.
    const key = `${found.unit.id} ${digest}`;
    const known = trees.get(key);
    if (known !== undefined) return known;
    const chunked = chunksOf(found.rules, found.spec.params, await ports.blobs.read(digest));
    if (chunked === undefined) return undefined;
    const oldest = trees.keys().next().value;
    if (trees.size >= MAX_TREES && oldest !== undefined) trees.delete(oldest);
    trees.set(key, chunked);
    return chunked;
  }

  return {
    async chunksOf(found, nodeId) {
      const reveal = ports.reveals.of(found.unit.id).get(nodeId);
      return reveal && (await read(found, reveal.attestation.leaf.resultDigest));
    },
  };
}
