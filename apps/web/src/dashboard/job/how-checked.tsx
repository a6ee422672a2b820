import { agreementWords } from '../trust/agreement-words.ts';
import { manifests } from '@reckon/kernels/manifests';
import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import type { JobSummary } from '@reckon/protocol/wire/http';
import { Link } from 'wouter';
import { formatCount, formatShare, plural } from '../../ui/format.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { wrongInWords } from '../trust/chance.ts';
import { policyWords } from '../trust/policy-words.ts';
import { isStronger, type VerdictBy, verdictNames } from '../trust/unit-verdict.ts';
import { countVerdicts, useVerdicts } from './verdicts.ts';

/** What is checked and what is not, in the words the policy promises and no others; and how far it has come. */
export function HowChecked(props: { job: JobSummary }) {
  const { job } = props;
  const manifest = manifests.find((candidate) => kernelName(candidate) === job.kernel);
  const words = policyWords(job.policy);
  return (
    <section className="panel" aria-labelledby="checked-title">
      <h2 id="checked-title">How this is checked</h2>
      <p className="small">{`${words.charAt(0).toUpperCase()}${words.slice(1)}.`}</p>
      <VerdictShares job={job} />
      <ol className="steps small">
        <li>
          A node seals its result before anything is checked, and nobody sees a result before its unit is decided: there
          is nothing to copy.
        </li>
        {stepsOf(job.policy, manifest).map((step) => (
          <li key={step}>{step}</li>
        ))}
        <li>Each result is signed by its node’s key. The signature covers kernel, input and result.</li>
        <li>
          What was earned is posted on the chain as a Merkle root, so that every receipt can be shown to be part of it.
        </li>
      </ol>
      <p className="note small">
        {limitOf(job.policy)} <Link href="/verdicts">What verdicts mean</Link>
      </p>
    </section>
  );
}

function stepsOf(policy: VerificationPolicy, manifest: KernelManifest | undefined): string[] {
  const chunk = manifest?.chunking?.chunk ?? 'a part of the result';
  switch (policy.kind) {
    case 'certificate':
      return [
        `Every result goes through ${manifest?.certificate?.method ?? 'its kernel’s check'}. What it is checked with is drawn after the seal.`,
        'A result that fails is not accepted; its node gets no work for a time, and another computes the unit.',
      ];
    case 'sample':
      return [
        `Which chunks are recomputed is drawn after the seal. A chunk is ${chunk}.`,
        'Where a recomputed chunk differs, the relay computes it too and says who was right.',
      ];
    case 'audit':
      return [
        'Whether a result is recomputed whole is drawn after the seal; little-known nodes are drawn more often.',
        'Results of a node that is caught are void, as long as they are not accepted.',
      ];
    case 'quorum':
      return [quorumStep(policy.quorum, policy.maxReplicas), agreementWords(manifest?.agreement)];
  }
}

const quorumStep = (quorum: number, most: number): string =>
  quorum === 1
    ? 'One result is enough, so nothing is compared: this job trusts each node.'
    : `If results differ, more nodes are asked, up to ${most}. A unit on which no ${quorum} agree fails and costs nothing.`;

/** What the policy does not promise. */
function limitOf(policy: VerificationPolicy): string {
  switch (policy.kind) {
    case 'certificate':
      return 'The check is run by the relay. Anyone can run it again over the published result.';
    case 'sample':
      return 'A sample finds large forgeries; one that changes very few chunks may pass. It is not a proof of the computation.';
    case 'audit':
      return `The promise is over many results: no more than ${wrongInWords(policy.epsilon)}. A single result may not have been checked itself.`;
    case 'quorum':
      return policy.quorum === 1
        ? 'With a quorum of one nothing is compared: a wrong result would not be noticed.'
        : `A quorum is a vote: ${plural(policy.quorum, 'node')} working together could agree on a wrong result. It is not a proof of the computation.`;
  }
}

/** The share of accepted units verified by what. */
function VerdictShares(props: { job: JobSummary }) {
  const verdicts = useVerdicts(props.job).data;
  if (props.job.units.accepted === 0) return <p className="quiet small">No unit is accepted yet.</p>;
  if (verdicts === undefined) return null;
  const counts = countVerdicts(verdicts);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const order = (Object.keys(verdictNames) as VerdictBy[]).filter((by) => counts.has(by));
  return (
    <ul className="verdict-shares small" aria-label="Accepted units by how they were verified">
      {order.map((by) => (
        <li key={by}>
          <CellMark look={isStronger(by) ? 'checked' : 'accepted'} />
          <span>
            <strong>{formatShare(counts.get(by) ?? 0, all)}</strong> {verdictNames[by]}
          </span>
          <span className="quiet">
            {formatCount(counts.get(by) ?? 0)} of {plural(all, 'unit')}
          </span>
        </li>
      ))}
    </ul>
  );
}
