import * as v from 'valibot';

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** Most results taken of one unit before it fails. */
const maxReplicas = v.pipe(
  whole(1, 15),
  v.description('Most results taken of one work unit before it fails; at least quorum.'),
);
/** ε: share of wrong results that may be among the accepted ones. */
const epsilon = v.pipe(
  v.number(),
  v.minValue(1e-9),
  v.maxValue(0.5),
  v.description('Share of wrong results you accept: 0.001 asks for at most one in a thousand.'),
);

const Sampling = v.strictObject({
  chunks: v.pipe(whole(1, 64), v.description('Chunks of each result that other nodes recompute.')),
  checkers: v.pipe(whole(1, 8), v.description('Other nodes among whom those chunks are dealt out.')),
});
export type Sampling = v.InferOutput<typeof Sampling>;

export const QuorumPolicy = v.pipe(
  v.strictObject({
    kind: v.literal('quorum'),
    quorum: v.pipe(whole(1, 7), v.description('How many nodes must get the same result before it is accepted.')),
    maxReplicas,
    /** With it, `quorum` is only the least: nodes of little credibility are checked by more. */
    epsilon: v.optional(epsilon),
  }),
  v.check((policy) => policy.maxReplicas >= policy.quorum, 'maxReplicas of at least quorum'),
  // One newcomer's result can never be credible: it would wait until the job expires.
  v.check(({ epsilon: bound, maxReplicas: most }) => bound === undefined || most >= 2, 'maxReplicas of at least 2'),
);
export type QuorumPolicy = v.InferOutput<typeof QuorumPolicy>;

export const SamplePolicy = v.pipe(
  v.strictObject({ kind: v.literal('sample'), ...Sampling.entries, maxReplicas }),
  v.check((policy) => policy.chunks >= policy.checkers, 'chunks of at least checkers'),
);
export type SamplePolicy = v.InferOutput<typeof SamplePolicy>;

export const CertificatePolicy = v.strictObject({ kind: v.literal('certificate'), maxReplicas });
export type CertificatePolicy = v.InferOutput<typeof CertificatePolicy>;

export const AuditPolicy = v.pipe(
  v.strictObject({ kind: v.literal('audit'), epsilon, sample: v.optional(Sampling), maxReplicas }),
  v.check((policy) => policy.maxReplicas >= 2, 'maxReplicas of at least 2'),
  v.check(({ sample }) => sample === undefined || sample.chunks >= sample.checkers, 'chunks of at least checkers'),
);
export type AuditPolicy = v.InferOutput<typeof AuditPolicy>;

/** How a stage's results are verified; each kind's rules lie in `trust/policies/`. */
export const VerificationPolicy = v.variant('kind', [QuorumPolicy, SamplePolicy, CertificatePolicy, AuditPolicy]);
export type VerificationPolicy = v.InferOutput<typeof VerificationPolicy>;
