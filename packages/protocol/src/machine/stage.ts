import type { StageSpec } from '../model/job-spec.ts';
import { DEFAULT_TRUST } from '../model/trust-constants.ts';
import { policyRules } from '../trust/policy.ts';
import type { Judge } from './decide.ts';
import type { Job, ShardState } from './state.ts';

export const stageOf = (job: Job): StageSpec => job.spec.stages[0] as StageSpec;

/** Whether a job's units may be leased. */
export const isLeasable = (job: Job): boolean => job.status === 'funded' || job.status === 'running';

/** What a job's units are decided by, but for what is known of their nodes. */
export function judgeTerms(state: ShardState, job: Job): Omit<Judge, 'share'> {
  return {
    rules: policyRules(stageOf(job).policy),
    kernel: job.kernel,
    trust: state.constants?.trust ?? DEFAULT_TRUST,
  };
}
