import type { JobSummary } from '@reckon/protocol/wire/http';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Loading } from '../../ui/states.tsx';
import { Equivalent } from '../shell/equivalent.tsx';
import { HowChecked } from './how-checked.tsx';

const Download = lazy(() => import('./download.tsx'));
const Control = lazy(() => import('./control.tsx'));
const Fund = lazy(() => import('./fund.tsx'));

const ended = (job: JobSummary): boolean =>
  job.status === 'completed' || job.status === 'cancelled' || job.status === 'expired';

/** What can be done with the job now; the parts that need verification or wallet code load when they are asked for. */
export function JobActions(props: { job: JobSummary }) {
  const { job } = props;
  const [control, setControl] = useState(false);
  return (
    <>
      {job.status === 'draft' && (
        <section className="panel" aria-labelledby="fund-title">
          <h2 id="fund-title">Not funded yet</h2>
          <Suspense fallback={<Loading what="the wallet" />}>
            <Fund job={job} />
          </Suspense>
        </section>
      )}
      <section className="panel" aria-labelledby="results-title">
        <h2 id="results-title">Results</h2>
        {ended(job) ? (
          <Suspense fallback={<Loading what="the download" />}>
            <Download job={job} />
          </Suspense>
        ) : (
          <p className="quiet small">Once every unit is decided, they can be verified and downloaded here.</p>
        )}
        {!ended(job) && (
          <Equivalent
            cli={`npx reckon status ${job.jobId}`}
            sdk={`for await (const { job, cells } of watchJob(relay, '${job.jobId}')) …`}
            http={`GET /api/jobs/${job.jobId}`}
          />
        )}
      </section>
      <HowChecked job={job} />
      {!ended(job) && job.status !== 'draft' && (
        <section className="panel" aria-labelledby="control-title">
          <h2 id="control-title">Change your mind</h2>
          {control ? (
            <Suspense fallback={<Loading what="the wallet" />}>
              <Control job={job} />
            </Suspense>
          ) : (
            <div className="actions">
              <Button onClick={() => setControl(true)}>Pause or cancel</Button>
            </div>
          )}
        </section>
      )}
    </>
  );
}
