import type { JobSummary } from '@reckon/protocol/wire/http';
import { Link } from 'wouter';
import { useTopics } from '../../api/live.ts';
import { useCells, useJobs } from '../../api/queries.ts';
import { lookOfUnit } from '../../ui/cell.ts';
import { CellField } from '../../ui/cell-field.tsx';
import { CellLegend } from '../../ui/cell-mark.tsx';
import { formatShare, plural } from '../../ui/format.ts';
import { Empty, Loaded } from '../../ui/states.tsx';

/** Fields drawn at once; each is a request and a topic. */
const MAX_FIELDS = 4;

/** The newest jobs as fields on one sheet of squared paper: those that run first. */
export function NetworkField() {
  const jobs = useJobs({ limit: 12 });
  return (
    <Loaded query={jobs} what="the network">
      {(list) => {
        const rank = (job: JobSummary) => (job.status === 'running' ? 0 : job.status === 'completed' ? 1 : 2);
        const shown = list
          .filter((job) => job.units.total > 0 && job.status !== 'draft')
          .sort((a, b) => rank(a) - rank(b))
          .slice(0, MAX_FIELDS);
        if (shown.length === 0) return <NoJobs />;
        return (
          <div className="squared-sheet">
            {shown.map((job) => (
              <JobStrip key={job.jobId} job={job} tall={shown.length === 1} />
            ))}
            <CellLegend looks={['pending', 'computing', 'accepted', 'refused']} />
          </div>
        );
      }}
    </Loaded>
  );
}

function NoJobs() {
  return (
    <div className="squared-sheet">
      <Empty title="No job is posted" action={<Link href="/jobs/new">Post one</Link>}>
        A node that starts now waits, and computes as soon as a job comes.
      </Empty>
    </div>
  );
}

function JobStrip(props: { job: JobSummary; tall: boolean }) {
  const { job, tall } = props;
  useTopics(`job:${job.jobId}`);
  const cells = useCells(job.jobId).data?.cells ?? [];
  const { total, accepted } = job.units;
  return (
    <article className="job-strip">
      <header>
        <h2>
          <Link href={`/jobs/${job.jobId}`}>{job.title}</Link>
        </h2>
        <p className="quiet small">
          {job.requesterLabel !== '' && `for ${job.requesterLabel} · `}
          {job.status === 'running' ? `${formatShare(accepted, total)} of ${plural(total, 'unit')}` : job.status} ·{' '}
          {plural(job.nodes, 'node')}
        </p>
      </header>
      <CellField
        bare
        cells={cells.map((cell) => ({ look: lookOfUnit(cell), progress: cell.progress }))}
        label={`Work units of ${job.title}`}
        maxCell={tall ? 22 : 16}
        minCell={3}
        maxHeight={tall ? 300 : 120}
      />
    </article>
  );
}
