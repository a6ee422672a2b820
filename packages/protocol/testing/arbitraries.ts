import fc from 'fast-check';
import { toHex } from '../src/base/bytes.ts';
import type { BlobDigest, Hash, NodeId } from '../src/base/ids.ts';
import type { ResultLeaf } from '../src/model/attestation.ts';
import type { KernelFacts } from '../src/model/kernel-manifest.ts';
import type { QuorumPolicy, Sampling, VerificationPolicy } from '../src/model/policy.ts';

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

const epsilon = fc.constantFrom(0.1, 0.03, 0.01, 0.001);
const sampling: fc.Arbitrary<Sampling> = fc
  .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 0, max: 3 }))
  .map(([checkers, more]) => ({ checkers, chunks: checkers + more }));

/** A policy, and facts of a kernel that it is fit for. */
export const stageTerms: fc.Arbitrary<{ policy: VerificationPolicy; kernel: KernelFacts }> = fc
  .record({
    kind: fc.constantFrom('quorum' as const, 'sample' as const, 'certificate' as const, 'audit' as const),
    quorum: quorumPolicy,
    sampling,
    epsilon,
    epsilonWanted: fc.boolean(),
    maxReplicas: fc.integer({ min: 2, max: 8 }),
    exact: fc.boolean(),
    chunked: fc.boolean(),
    certified: fc.boolean(),
  })
  .map((from) => {
    const { kind, maxReplicas } = from;
    const facts = (exact: boolean, chunked: boolean, certified: boolean): KernelFacts => ({
      ...{ exact, chunked, certified },
      ...{ costShare: 1, leastHarmfulShare: 1, memoryMb: 0 },
    });
    if (kind === 'sample') {
      return { policy: { kind, ...from.sampling, maxReplicas }, kernel: facts(true, true, from.certified) };
    }
    if (kind === 'certificate') return { policy: { kind, maxReplicas }, kernel: facts(true, from.chunked, true) };
    const kernel = facts(from.exact, from.exact && from.chunked, from.certified);
    const { quorum } = from;
    const bound = from.epsilonWanted ? { epsilon: from.epsilon, maxReplicas: quorum.maxReplicas + 1 } : {};
    if (kind === 'quorum') return { policy: { ...quorum, ...bound }, kernel };
    const sample = kernel.chunked ? { sample: from.sampling } : {};
    return { policy: { kind, epsilon: from.epsilon, maxReplicas, ...sample }, kernel };
  });
