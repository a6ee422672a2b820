import { manifests } from '@reckon/kernels/manifests';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { JobSummary } from '@reckon/protocol/wire/http';
import { plural } from '../../ui/format.ts';

/** What was checked and what was not, in the words the policy promises and no others. */
export function HowChecked(props: { job: JobSummary }) {
  const { job } = props;
  const manifest = manifests.find((candidate) => kernelName(candidate) === job.kernel);
  const within = manifest?.agreement.kind === 'within' ? manifest.agreement : undefined;
  return (
    <section className="panel" aria-labelledby="checked-title">
      <h2 id="checked-title">How this is checked</h2>
      <ol className="steps small">
        <li>
          Each unit goes to nodes that do not know each other's results: a node commits to a hash before any result is
          shown.
        </li>
        <li>
          {job.quorum === 1
            ? 'One result is enough, so nothing is compared: this job trusts each node.'
            : `${job.quorum} of at most ${job.maxReplicas} results must agree.`}{' '}
          {within === undefined
            ? 'Agreeing means the same bytes.'
            : `Agreeing means within ${within.absolute} absolute or ${within.relative} relative: this kernel works in floating point, which differs between devices.`}
        </li>
        <li>Each result is signed by its node's key. The signature covers kernel, input and result.</li>
        <li>
          What was earned is posted on the chain as a Merkle root, so that every receipt can be shown to be part of it.
        </li>
      </ol>
      <p className="note small">
        {job.quorum === 1
          ? 'With a quorum of one nothing is compared: a wrong result would not be noticed.'
          : `A quorum is a vote: ${plural(job.quorum, 'node')} working together could agree on a wrong result.`}{' '}
        It is not a proof of the computation.
      </p>
    </section>
  );
}
