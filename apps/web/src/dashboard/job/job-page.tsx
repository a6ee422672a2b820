import { ReckonError } from '@reckon/protocol/base/errors';
import { JobId } from '@reckon/protocol/base/ids';
import { tryParse } from '@reckon/protocol/base/parse';
import type { JobSummary } from '@reckon/protocol/wire/http';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'wouter';
import { useTopics } from '../../api/live.ts';
import { useCells, useJob } from '../../api/queries.ts';
import { lookOfUnit } from '../../ui/cell.ts';
import { CellField } from '../../ui/cell-field.tsx';
import { CellLegend } from '../../ui/cell-mark.tsx';
import { Empty, ErrorBox, Loaded } from '../../ui/states.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import { isStronger } from '../trust/unit-verdict.ts';
import './job.css';
import { Disagreements } from './disagreements.tsx';
import { JobActions } from './job-actions.tsx';
import { JobFigures } from './job-figures.tsx';
import { JobHead } from './job-head.tsx';
import { usePace } from './job-pace.tsx';
import { pictureColumns, specQuery, stageOf } from './job-data.ts';
import { JobPicture } from './job-picture.tsx';
import { UnitPanel } from './unit-panel.tsx';
import { useVerdicts } from './verdicts.ts';
import { useChecked } from './verify-state.ts';

/** One job: how far it is, every unit as a cell, what it costs, and how each result was checked. */
export default function JobPage() {
  const { id } = useParams<{ id: string }>();
  const parsed = tryParse(JobId, id);
  if (!parsed.ok) {
    return (
      <Empty page title="This is not a job's address" action={<Link href="/jobs">See all jobs</Link>}>
        A job is named by 0x and 64 hex digits.
      </Empty>
    );
  }
  return <JobView jobId={parsed.value} />;
}

function JobView(props: { jobId: JobId }) {
  useTopics(`job:${props.jobId}`);
  const job = useJob(props.jobId);
  usePageTitle(job.data?.title ?? 'Job');
  if (job.data === undefined && job.error instanceof ReckonError && job.error.code === 'JOB_UNKNOWN') {
    return (
      <Empty page title="This relay has no such job" action={<Link href="/jobs">See all jobs</Link>}>
        The address may be mistyped, or the job was posted at another relay. <code>JOB_UNKNOWN</code>
      </Empty>
    );
  }
  return (
    <Loaded query={job} what="the job">
      {(data) => <JobBody job={data} />}
    </Loaded>
  );
}

function JobBody(props: { job: JobSummary }) {
  const { job } = props;
  const samples = usePace(job);
  return (
    <div className="page">
      <JobHead job={job} samples={samples} />
      <JobFigures job={job} samples={samples} />
      <div className="two-columns job-columns">
        <div className="panel-stack">
          <UnitsField job={job} />
          <Disagreements job={job} />
        </div>
        <div className="panel-stack">
          <JobPicture job={job} />
          <JobActions job={job} />
        </div>
      </div>
    </div>
  );
}

function UnitsField(props: { job: JobSummary }) {
  const { job } = props;
  const cells = useCells(job.jobId);
  const checked = useChecked(job.jobId);
  const verdicts = useVerdicts(job).data;
  // Under these every accepted unit was checked; under the others only its own verdict tells.
  const always = job.policy.kind === 'certificate' || job.policy.kind === 'sample';
  const isChecked = (index: number): boolean => {
    const by = verdicts?.get(index);
    return checked.has(index) || (by === undefined ? always : isStronger(by));
  };
  const spec = useQuery(specQuery(job.jobId)).data;
  const [search, setSearch] = useSearchParams();
  const chosen = search.get('unit');
  const selected = chosen !== null && /^\d+$/.test(chosen) ? Number(chosen) : undefined;
  const select = (index: number | undefined) =>
    setSearch((previous) => {
      const next = new URLSearchParams(previous);
      if (index === undefined) next.delete('unit');
      else next.set('unit', String(index));
      return next;
    });
  return (
    <section className="panel" aria-labelledby="units-title">
      <div className="panel-head">
        <h2 id="units-title">Work units</h2>
        <p className="quiet small">Select one to see how it was verified.</p>
      </div>
      {cells.error !== null && <ErrorBox compact error={cells.error} />}
      <div className="sheet job-field">
        <CellField
          cells={(cells.data?.cells ?? []).map((cell, index) => ({
            look: isChecked(index) && cell.status === 'accepted' ? 'checked' : lookOfUnit(cell),
            progress: cell.progress,
          }))}
          label={`Work units of ${job.title}`}
          selected={selected}
          onSelect={select}
          maxHeight={420}
          maxCell={job.units.total <= 60 ? 36 : 26}
          columns={spec === undefined ? undefined : pictureColumns(stageOf(spec))}
        />
      </div>
      <CellLegend looks={['pending', 'computing', 'accepted', 'checked', 'refused']} />
      {selected !== undefined && selected < job.units.total && (
        <UnitPanel job={job} index={selected} onClose={() => select(undefined)} />
      )}
    </section>
  );
}
