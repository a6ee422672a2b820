import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { useConfig } from '../api/queries.ts';
import { useTopics } from '../api/live.ts';
import { TokenContext } from '../ui/money.tsx';
import { Loading } from '../ui/states.tsx';
import { Toasts } from '../ui/toast.tsx';
import { PageBoundary } from './shell/page-boundary.tsx';
import { Shell } from './shell/shell.tsx';
import { VolunteerPage } from './volunteer/volunteer-page.tsx';

const JobsPage = lazy(() => import('./jobs/jobs-page.tsx'));
const NewJobPage = lazy(() => import('./new-job/new-job-page.tsx'));
const JobPage = lazy(() => import('./job/job-page.tsx'));
const RewardsPage = lazy(() => import('./rewards/rewards-page.tsx'));
const NetworkPage = lazy(() => import('./network/network-page.tsx'));
const VerdictsPage = lazy(() => import('./trust/verdicts-page.tsx'));
const AuditPage = lazy(() => import('./audit/audit-page.tsx'));
const ConformancePage = lazy(() => import('./conformance/conformance-page.tsx'));
const GuidePage = lazy(() => import('./guide/guide-page.tsx'));
const NotFoundPage = lazy(() => import('./shell/not-found-page.tsx'));

const noToken = { symbol: 'tokens', decimals: 18, test: false };

/** The first route, Volunteer, is in the first bundle; every other page and everything of wallets comes when needed. */
export function App() {
  const config = useConfig();
  useTopics('network', 'epochs');
  return (
    <TokenContext.Provider value={config.data?.token ?? noToken}>
      <Shell>
        <PageBoundary>
          <Suspense fallback={<Loading what="the page" />}>
            <Switch>
              <Route path="/" component={VolunteerPage} />
              <Route path="/jobs" component={JobsPage} />
              <Route path="/jobs/new" component={NewJobPage} />
              <Route path="/jobs/:id" component={JobPage} />
              <Route path="/rewards" component={RewardsPage} />
              <Route path="/network" component={NetworkPage} />
              <Route path="/audit" component={AuditPage} />
              <Route path="/verdicts" component={VerdictsPage} />
              <Route path="/conformance" component={ConformancePage} />
              <Route path="/guide" component={GuidePage} />
              <Route component={NotFoundPage} />
            </Switch>
          </Suspense>
        </PageBoundary>
      </Shell>
      <Toasts />
    </TokenContext.Provider>
  );
}
