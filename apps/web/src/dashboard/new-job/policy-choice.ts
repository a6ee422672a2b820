import type { KernelManifest, PolicyKind } from '@reckon/protocol/model/kernel-manifest';
import type { Sampling, VerificationPolicy } from '@reckon/protocol/model/policy';
import { wrongInWords } from '../trust/chance.ts';

/** The ladder, the cheapest real check first. */
const LADDER: readonly PolicyKind[] = ['certificate', 'sample', 'audit', 'quorum'];

/** The policies a kernel supports, in the order of the ladder. */
export const policyChoices = (manifest: KernelManifest): PolicyKind[] =>
  LADDER.filter((kind) => manifest.policies.includes(kind));

/** Where a requester who chooses a policy begins. */
export function defaultPolicy(kind: PolicyKind): VerificationPolicy {
  switch (kind) {
    case 'certificate':
      return { kind, maxReplicas: 3 };
    case 'sample':
      return { kind, chunks: 32, checkers: 1, maxReplicas: 3 };
    case 'audit':
      return { kind, epsilon: 0.001, maxReplicas: 5 };
    case 'quorum':
      return { kind, quorum: 2, maxReplicas: 5 };
  }
}

/** What a new form asks for: the cheapest policy of the kernel in which something is really checked. */
export function cheapestCheck(manifest: KernelManifest): VerificationPolicy {
  const checks = policyChoices(manifest);
  return defaultPolicy(checks.find((kind) => kind === 'certificate' || kind === 'sample') ?? 'quorum');
}

/** Each policy in one plain sentence. */
export function policySentence(kind: PolicyKind, manifest: KernelManifest): string {
  switch (kind) {
    case 'certificate':
      return `One node computes; every result is checked by ${manifest.certificate?.method ?? 'the kernel’s own check'}.`;
    case 'sample':
      return `One node computes and seals its result; others recompute a few chunks of it (${manifest.chunking?.chunk ?? 'parts of the result'}).`;
    case 'audit':
      return 'One node computes; now and then a result is recomputed whole, more often while its node is little known.';
    case 'quorum':
      return 'Several nodes compute the same unit, and what enough of them agree on is accepted.';
  }
}

const EPSILONS: readonly number[] = [0.1, 0.01, 0.001, 0.000_1, 0.000_01];

/** Values of ε to choose from, with the one a job file may have brought among them. */
export const epsilonChoices = (current: number): { value: number; words: string }[] =>
  [...new Set([...EPSILONS, current])]
    .sort((a, b) => b - a)
    .map((value) => ({ value, words: value === 0.1 ? 'one wrong in 10' : wrongInWords(value) }));

/** One of the two numbers changed; the other gives way, so that every checker has a chunk. */
export function changeSampling(before: Sampling, change: Partial<Sampling>): Sampling {
  const next = { ...before, ...change };
  return change.chunks === undefined
    ? { ...next, chunks: Math.max(next.chunks, next.checkers) }
    : { ...next, checkers: Math.min(next.checkers, next.chunks) };
}
