import type { VerificationPolicy } from '../model/policy.ts';
import { auditRules } from './policies/audit.ts';
import { certificateRules } from './policies/certificate.ts';
import { quorumRules } from './policies/quorum.ts';
import { sampleRules } from './policies/sample.ts';
import type { PolicyRules } from './policy-rules.ts';

const known = new WeakMap<VerificationPolicy, PolicyRules>();

function make(policy: VerificationPolicy): PolicyRules {
  switch (policy.kind) {
    case 'quorum':
      return quorumRules(policy);
    case 'sample':
      return sampleRules(policy);
    case 'certificate':
      return certificateRules(policy);
    case 'audit':
      return auditRules(policy);
  }
}

/** What the machine decides a stage's units by. */
export function policyRules(policy: VerificationPolicy): PolicyRules {
  const rules = known.get(policy) ?? make(policy);
  known.set(policy, rules);
  return rules;
}
