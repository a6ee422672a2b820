import { JobStatus, type JobSummary } from '@reckon/protocol/wire/http';
import { Link, useLocation, useSearchParams } from 'wouter';
import { useJobs } from '../../api/queries.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount, formatShare } from '../../ui/format.ts';
import { Money, TestMoney, useToken } from '../../ui/money.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { jobLooks } from '../job/job-head.tsx';
import { Equivalent } from '../shell/equivalent.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import './jobs.css';

const filters: readonly (JobStatus | undefined)[] = [
  undefined,
  'running',
  'completed',
  'paused',
  'cancelled',
  'expired',
];
const PAGE = 50;

/** Every job of this relay, newest first; the filter stands in the address. */
export default function JobsPage() {
  usePageTitle('Jobs');
  const [search] = useSearchParams();
  const asked = search.get('status');
  const status = JobStatus.options.find((each) => each === asked);
  const jobs = useJobs({ limit: PAGE, ...(status === undefined ? {} : { status }) });
  return (
    <div className="page">
      <header className="page-head">
        <h1>Jobs</h1>
        <nav aria-label="Filter by state" className="filters">
          {filters.map((each) => (
            <Link
              key={each ?? 'all'}
              href={each === undefined ? '/jobs' : `/jobs?status=${each}`}
              aria-current={each === status ? 'true' : undefined}
            >
              {each ?? 'all'}
            </Link>
          ))}
        </nav>
      </header>
      <Loaded query={jobs} what="the jobs">
        {(list) =>
          list.length === 0 ? (
            <Empty
              title={status === undefined ? 'No job yet' : `No ${status} job`}
              action={
                status === undefined ? <Link href="/jobs/new">Post a job</Link> : <Link href="/jobs">Show all</Link>
              }
            >
              {status === undefined
                ? 'A job posted here, or with the command line, appears in this list at once.'
                : `No job of this relay is ${status} now.`}
            </Empty>
          ) : (
            <JobTable jobs={list} />
          )
        }
      </Loaded>
      <Equivalent cli="npx reckon status" sdk="await relay.jobs({ limit: 50 })" http="GET /api/jobs?limit=50" />
    </div>
  );
}

function JobTable(props: { jobs: readonly JobSummary[] }) {
  const [, navigate] = useLocation();
  const token = useToken();
  const columns: Column<JobSummary>[] = [
    {
      head: 'Job',
      rowHead: true,
      cell: (job) => (
        <>
          <Link href={`/jobs/${job.jobId}`} onClick={(event) => event.stopPropagation()}>
            {job.title}
          </Link>
          <span className="quiet small cell-note">
            {job.requesterLabel} · <code>{job.kernel}</code>
          </span>
        </>
      ),
    },
    {
      head: 'State',
      cell: (job) => (
        <>
          <CellMark look={jobLooks[job.status]} progress={job.units.accepted / Math.max(1, job.units.total)} />
          {job.status}
        </>
      ),
    },
    {
      head: 'Accepted',
      number: true,
      cell: (job) => (
        <>
          {formatShare(job.units.accepted, job.units.total)}{' '}
          <span className="quiet wide-inline">of {formatCount(job.units.total)}</span>
        </>
      ),
    },
    { head: 'Nodes', number: true, wide: true, cell: (job) => formatCount(job.nodes) },
    {
      head: (
        <>
          Spent of budget, {token.symbol}
          {token.test && <TestMoney />}
        </>
      ),
      number: true,
      wide: true,
      cell: (job) => (
        <>
          <Money wei={job.spent} bare /> <span className="quiet">of</span> <Money wei={job.budget} bare />
        </>
      ),
    },
    { head: 'Posted', wide: true, cell: (job) => <Ago at={job.postedAt} /> },
  ];
  return (
    <DataTable
      label="Jobs"
      rows={props.jobs}
      columns={columns}
      rowKey={(job) => job.jobId}
      onOpen={(job) => navigate(`/jobs/${job.jobId}`)}
    />
  );
}
