import { lackOfNodes } from '@reckon/client/lack-of-nodes';
import { nodesNeeded } from '@reckon/client/policy-words';
import type { JobStatus, JobSummary } from '@reckon/protocol/wire/http';
import { Link } from 'wouter';
import { useNetwork } from '../../api/queries.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import type { CellLook } from '../../ui/cell.ts';
import { Digest } from '../../ui/digest.tsx';
import { formatShare, plural } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';
import { Ago } from '../../ui/time.tsx';
import { TimeLeft } from './job-pace.tsx';
import type { PaceSample } from './pace.ts';

export const jobLooks: { readonly [S in JobStatus]: CellLook } = {
  draft: 'pending',
  funded: 'pending',
  running: 'computing',
  paused: 'waiting',
  completed: 'accepted',
  cancelled: 'refused',
  expired: 'refused',
};

/** Each state with what it means for the requester's money. */
const meanings: { readonly [S in JobStatus]: string } = {
  draft: 'Not funded yet; nothing is computed and nothing is held.',
  funded: 'The escrow is seen on the chain; units go out as nodes ask for work.',
  running: 'Each unit is charged when its result is accepted; failed units cost nothing.',
  paused: 'No new units go out. Units that are out can still be accepted and charged.',
  completed: 'Every unit is decided. What was not spent returns when the last epoch is posted.',
  cancelled: 'Cancelled by its requester. What was not spent returns.',
  expired: 'Its time ran out. What was not spent returns.',
};

/** Why nothing is accepted although results come: there are fewer nodes than the check needs. */
function shortOfNodes({ policy, nodes }: JobSummary): string {
  const needed = plural(nodesNeeded(policy), 'node');
  const rule = policy.kind === 'quorum' ? `${needed} must agree on a unit` : `The check of a unit needs ${needed}`;
  return `${rule}, and ${nodes === 0 ? 'none has' : `${nodes} ${nodes === 1 ? 'has' : 'have'}`} taken part yet: it waits for more.`;
}

/** Too few nodes are online that could compute it, and what to do. */
function Lack(props: { job: JobSummary }) {
  const network = useNetwork().data;
  const lack = network && lackOfNodes(network, props.job);
  if (lack === undefined) return null;
  return (
    <p className="note" role="status">
      {lack.words}{' '}
      {lack.webgpu ? (
        <>
          Open <Link href="/">Volunteer</Link> in a browser with a GPU and press Start.
        </>
      ) : (
        <>
          Open <Link href="/">Volunteer</Link> and press Start: each tab is a node.
        </>
      )}
    </p>
  );
}

export function JobHead(props: { job: JobSummary; samples: readonly PaceSample[] }) {
  const { job } = props;
  const { total, accepted, failed } = job.units;
  return (
    <header className="page-head job-head">
      <h1>{job.title}</h1>
      <p role="status" className="job-status">
        <CellMark look={jobLooks[job.status]} progress={accepted / Math.max(1, total)} size={14} />
        <strong>{job.status}</strong>
        <span>
          {formatShare(accepted, total)} of {plural(total, 'unit')} accepted
        </span>
        <TimeLeft job={job} samples={props.samples} />
      </p>
      <Progress
        value={(accepted + failed) / Math.max(1, total)}
        label="Units decided"
        text={`${accepted} of ${total} accepted`}
      />
      <p className="small">
        {meanings[job.status]}
        {job.status === 'running' && job.nodes < nodesNeeded(job.policy) && ` ${shortOfNodes(job)}`}
      </p>
      {(job.status === 'funded' || job.status === 'running') && <Lack job={job} />}
      <p className="small job-facts">
        <span>
          {job.requesterLabel !== '' && `For ${job.requesterLabel}, `}by{' '}
          <Digest hex={job.requester} what="the requester's address" />
        </span>
        <span>
          Kernel <code>{job.kernel}</code>
        </span>
        <span>
          Posted <Ago at={job.postedAt} />
        </span>
        <span>
          {job.endedAt === null ? (
            <>
              Expires <Ago at={job.expiresAt} />
            </>
          ) : (
            <>
              Ended <Ago at={job.endedAt} />
            </>
          )}
        </span>
        <span>
          Id <Digest hex={job.jobId} what="the job's id" />
        </span>
      </p>
    </header>
  );
}
