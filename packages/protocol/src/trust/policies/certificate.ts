import type { CertificatePolicy } from '../../model/policy.ts';
import type { PolicyRules } from '../policy-rules.ts';

/** One node computes; the kernel's own check verifies every result. */
export const certificateRules = ({ maxReplicas }: CertificatePolicy): PolicyRules => ({
  votes: 1,
  maxReplicas,
  certificate: true,
});
