import type { PolicyKind } from '@reckon/protocol/model/kernel-manifest';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import { plural } from '../../ui/format.ts';
import { wrongInWords } from './chance.ts';

/** What each policy is called on every screen. */
export const policyNames: { readonly [K in PolicyKind]: string } = {
  certificate: 'Certificate',
  sample: 'Sample',
  audit: 'Audit',
  quorum: 'Vote',
};

/** A policy with its numbers, in one sentence that ends without a full stop. */
export function policyWords(policy: VerificationPolicy): string {
  switch (policy.kind) {
    case 'certificate':
      return 'one node computes each unit, and every result passes its kernel’s check';
    case 'sample':
      return `one node computes each unit, and ${plural(policy.checkers, 'other')} ${policy.checkers === 1 ? 'recomputes' : 'recompute'} ${plural(policy.chunks, 'chunk')} of what it sealed`;
    case 'audit': {
      const { sample } = policy;
      const also = sample === undefined ? '' : `, and ${plural(sample.chunks, 'chunk')} of each are recomputed`;
      return `results are recomputed whole at random until no more than ${wrongInWords(policy.epsilon)} is to be expected${also}`;
    }
    case 'quorum': {
      const { quorum, epsilon } = policy;
      if (epsilon !== undefined) {
        return `at least ${plural(quorum, 'node')} must agree, and more where they are little known, until no more than ${wrongInWords(epsilon)} is to be expected`;
      }
      return quorum === 1 ? 'one result is taken as it comes' : `${quorum} nodes must get the same result`;
    }
  }
}
