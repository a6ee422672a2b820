import type { KernelFacts } from '@reckon/protocol/model/kernel-manifest';
import type { Scheme } from './world-options.ts';

const PLAIN_KERNEL: KernelFacts = {
  exact: true,
  chunked: false,
  certified: false,
  costShare: 1,
  leastHarmfulShare: 1,
  memoryMb: 0,
};

/** As many chunks as the kernels cut their results into. */
const CHUNKS = 256;

const CHUNKED = { ...PLAIN_KERNEL, chunked: true };
/** The rules assume what is true, unless a run says otherwise. */
const assuming = (share: number) => ({ faultyShare: share, colludingShare: share });
/** As a real relay has it: canaries for newcomers, some afterwards, and a look at some checkers. */
const CANARIES = { warmUp: 2, canaryShare: 0.02, recheckShare: 0.02 };

export const QUORUM_2: Scheme = {
  name: 'quorum-2',
  policy: { kind: 'quorum', quorum: 2, maxReplicas: 5 },
  kernel: PLAIN_KERNEL,
  chunks: 0,
  trust: {},
};

export const QUORUM_EPSILON: Scheme = {
  name: 'quorum-epsilon',
  policy: { kind: 'quorum', quorum: 1, maxReplicas: 7, epsilon: 1e-3 },
  kernel: PLAIN_KERNEL,
  chunks: 0,
  // Of the 5 % that are present some are caught before anything of theirs counts.
  trust: { ...assuming(0.045), ...CANARIES },
};

export const SAMPLE: Scheme = {
  name: 'sample',
  policy: { kind: 'sample', chunks: 12, checkers: 6, maxReplicas: 8 },
  kernel: CHUNKED,
  chunks: CHUNKS,
  trust: { ...assuming(0.2), recheckShare: 0.02 },
};

export const CERTIFICATE: Scheme = {
  name: 'certificate',
  policy: { kind: 'certificate', maxReplicas: 8 },
  kernel: { ...PLAIN_KERNEL, certified: true, costShare: 0.03 },
  chunks: 0,
  trust: {},
};

export const AUDIT: Scheme = {
  name: 'audit',
  policy: { kind: 'audit', epsilon: 1e-3, maxReplicas: 8 },
  kernel: CHUNKED,
  chunks: CHUNKS,
  trust: { ...assuming(0.05), ...CANARIES },
};

export const AUDIT_SAMPLE: Scheme = {
  name: 'audit+sample',
  policy: { kind: 'audit', epsilon: 1e-3, sample: { chunks: 32, checkers: 8 }, maxReplicas: 8 },
  kernel: { ...CHUNKED, leastHarmfulShare: 0.1 },
  chunks: CHUNKS,
  trust: { ...assuming(0.2), recheckShare: 0.02, warmUp: 1, canaryShare: 0.01, auditFloor: 0.02 },
};

/** The six policies, one kernel each. */
export const SCHEMES: readonly Scheme[] = [QUORUM_2, QUORUM_EPSILON, SAMPLE, CERTIFICATE, AUDIT, AUDIT_SAMPLE];
