import fc from 'fast-check';
import { toHex } from '../src/base/bytes.ts';
import type { BlobDigest, Hash, NodeId } from '../src/base/ids.ts';
import type { ResultLeaf } from '../src/model/attestation.ts';
import type { QuorumPolicy } from '../src/model/job-spec.ts';

/** Generators of the protocol's values. */

export const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
export const hash = bytes(32).map((value): Hash => toHex(value));
export const blobDigest = hash.map((value) => value as BlobDigest);
export const nodeId = bytes(20).map((value) => toHex(value) as NodeId);

export const resultLeaf: fc.Arbitrary<ResultLeaf> = fc.record({
  workUnitId: hash as fc.Arbitrary<ResultLeaf['workUnitId']>,
  kernelDigest: hash as fc.Arbitrary<ResultLeaf['kernelDigest']>,
  inputDigest: hash,
  resultDigest: blobDigest,
  traceRoot: hash,
});

export const quorumPolicy: fc.Arbitrary<QuorumPolicy> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 }))
  .map(([quorum, spare]) => ({ kind: 'quorum', quorum, maxReplicas: quorum + spare }));
