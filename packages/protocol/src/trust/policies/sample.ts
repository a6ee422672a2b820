import type { SamplePolicy } from '../../model/policy.ts';
import type { PolicyRules } from '../policy-rules.ts';

/** One node computes; after it has committed, others recompute some chunks of what it sealed. */
export const sampleRules = ({ chunks, checkers, maxReplicas }: SamplePolicy): PolicyRules => ({
  votes: 1,
  maxReplicas,
  sample: { chunks, checkers },
  certificate: false,
});
