import type { QuorumPolicy } from '../../model/policy.ts';
import type { PolicyRules } from '../policy-rules.ts';

/** Results of several nodes are compared. With ε, how many depends on how credible they are. */
export const quorumRules = (policy: QuorumPolicy): PolicyRules => ({
  votes: policy.quorum,
  maxReplicas: policy.maxReplicas,
  ...(policy.epsilon === undefined ? {} : { epsilon: policy.epsilon }),
  certificate: false,
});
