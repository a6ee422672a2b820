import { JobStatus, type JobSummary } from '@reckon/protocol/wire/http';
import { Link, useLocation, useSearchParams } from 'wouter';
import { useJobs } from '../../api/queries.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
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
              action={<Link href="/jobs/new">Post a job</Link>}
            >
              A job posted here, or with the command line, appears in this list at once.
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
  return (
    <div className="table-wrap">
      <table>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Accepted
            </th>
            <th scope="col" className="number wide-only">
              Nodes
            </th>
            <th scope="col" className="number wide-only">
              Spent of budget, {token.symbol}
              {token.test && <TestMoney />}
            </th>
            <th scope="col" className="wide-only">
              Posted
            </th>
          </tr>
        </thead>
        <tbody>
          {props.jobs.map((job) => (
            // The row is a larger target for the pointer; the link in it is the one for everybody.
            <tr key={job.jobId} data-href="" onClick={() => navigate(`/jobs/${job.jobId}`)}>
              <td>
                <Link href={`/jobs/${job.jobId}`} onClick={(event) => event.stopPropagation()}>
                  {job.title}
                </Link>
                <span className="quiet small job-for">
                  {job.requesterLabel} · <code>{job.kernel}</code>
                </span>
              </td>
              <td>
                <CellMark look={jobLooks[job.status]} progress={job.units.accepted / Math.max(1, job.units.total)} />
                {job.status}
              </td>
              <td className="number">
                {formatShare(job.units.accepted, job.units.total)}{' '}
                <span className="quiet wide-inline">of {formatCount(job.units.total)}</span>
              </td>
              <td className="number wide-only">{formatCount(job.nodes)}</td>
              <td className="number wide-only">
                <Money wei={job.spent} bare /> <span className="quiet">of</span> <Money wei={job.budget} bare />
              </td>
              <td className="wide-only">
                <Ago at={job.postedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
