import type { AuditPolicy } from '../../model/policy.ts';
import type { PolicyRules } from '../policy-rules.ts';

/**
 * One node computes and commits; its draw decides whether the result is checked whole. What was not checked waits until
 * the node is credible; if it is caught before, all of that is void. With `sample`, gross forgeries are caught at once.
 */
export const auditRules = ({ epsilon, sample, maxReplicas }: AuditPolicy): PolicyRules => ({
  votes: 1,
  maxReplicas,
  epsilon,
  ...(sample === undefined ? {} : { sample }),
  certificate: false,
});
