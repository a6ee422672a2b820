import { traceRootOf } from '@reckon/node/trace-root';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import type { UnitSpec } from '@reckon/protocol/model/job-spec';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import type { UnitVerdict } from '@reckon/protocol/wire/http-trust';
import { policyName, verdictWords } from '../policy-words.ts';
import { fail, type ResultContext } from './result-context.ts';
import { unitFileName } from './result-file.ts';

/** Verdicts that a policy can end with (`machine/decide.ts`). */
const verdictsOf = (policy: VerificationPolicy): readonly UnitVerdict['by'][] => {
  switch (policy.kind) {
    case 'quorum':
      return policy.epsilon === undefined ? ['vote'] : ['credibility', 'audit', 'certificate'];
    case 'sample':
      return ['sample'];
    case 'certificate':
      return ['certificate'];
    case 'audit':
      return ['audit', 'credibility', 'certificate', ...(policy.sample === undefined ? [] : (['sample'] as const))];
  }
};

/**
 * Every accepted unit has a verdict of its policy, enough different nodes attest a result that agrees with the accepted one,
 * and what each of them sealed is that result, chunk for chunk. What checkers found is not in these files: it stands in the
 * public journal, which `reckon audit` replays.
 */
export function checkVerdicts(context: ResultContext): string {
  const { bundle, stage } = context;
  const possible = verdictsOf(stage.policy);
  const votes = stage.policy.kind === 'quorum' ? stage.policy.quorum : 1;
  let within = 0;
  for (const { index, canonical, attestations, verdict } of bundle.units) {
    if (canonical === null) continue;
    if (verdict === null || !possible.includes(verdict.by)) {
      fail(
        'verdicts',
        `unit ${index} was accepted by ${verdict?.by ?? 'nothing'}; its policy is ${policyName(stage.policy)}`,
      );
    }
    for (const { attestation } of attestations) {
      const { resultDigest, traceRoot } = attestation.leaf;
      const bytes = agreeing(context, index, canonical, resultDigest);
      if (resultDigest !== canonical) within += 1;
      checkTraceRoot(context, index, bytes, traceRoot);
    }
    const nodes = new Set(attestations.map(({ nodeId }) => nodeId)).size;
    if (nodes < votes) fail('verdicts', `unit ${index} has ${nodes} agreeing nodes; its policy asks for ${votes}`);
    if (!attestations.some(({ attestation }) => attestation.leaf.resultDigest === canonical)) {
      fail('verdicts', `unit ${index}: no node attests the accepted result itself`);
    }
  }
  const how =
    within === 0 ? 'byte for byte' : `${within} results within the kernel’s tolerance, the others byte for byte`;
  const agree = votes === 1 ? 'attested' : `attested by at least ${votes} nodes`;
  return `checked ${verdictWords(bundle.units)}; every accepted unit is ${agree} (${how})`;
}

/** The bytes of an attested result, which must agree with the accepted one. */
function agreeing(
  { rules, stage, byDigest }: ResultContext,
  index: number,
  canonical: BlobDigest,
  digest: BlobDigest,
): Uint8Array {
  const accepted = byDigest.get(canonical) ?? fail('verdicts', 'it is missing', unitFileName(index));
  if (digest === canonical) return accepted;
  const file = unitFileName(index, digest);
  if (rules.manifest.agreement.kind === 'exact') {
    fail('verdicts', `unit ${index}: a node attests ${digest}, the accepted result is ${canonical}`);
  }
  const other = byDigest.get(digest) ?? fail('verdicts', 'it is missing, so agreement cannot be checked', file);
  const { params } = stage.units[index] as UnitSpec;
  if (!rules.agree(accepted, other, params)) fail('verdicts', 'it is outside the kernel’s tolerance', file);
  return other;
}

/** What was sealed before anybody chose chunks to recompute is what came back. */
function checkTraceRoot({ rules, stage }: ResultContext, index: number, bytes: Uint8Array, traceRoot: string): void {
  const root = traceRootOf(rules.chunks, (stage.units[index] as UnitSpec).params, bytes);
  if (root !== traceRoot) {
    fail('verdicts', `unit ${index}: chunks with root ${traceRoot} were sealed, the result’s have ${root}`);
  }
}
