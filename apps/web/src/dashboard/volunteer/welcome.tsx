import { lazy, Suspense } from 'react';
import { useNetwork } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Stat, Stats } from '../../ui/figure.tsx';
import { formatCount } from '../../ui/format.ts';
import { startNode } from '../node/node-store.ts';
import { NetworkField } from './network-field.tsx';

const cores = (): number => Math.max(1, Math.min(4, Math.floor((navigator.hardwareConcurrency || 2) / 2)));
const KernelList = lazy(() => import('./kernel-list.tsx'));

/** Before Start: what happens here, what would run, and one button. Nothing is downloaded or connected yet. */
export function Welcome() {
  return (
    <div className="page welcome">
      <div className="welcome-top">
        <section className="welcome-ask" aria-labelledby="welcome-title">
          <h1 id="welcome-title">Lend this tab to work that gets checked.</h1>
          <p className="welcome-lead">
            People post jobs. Browsers like yours compute them and check each other; the relay keeps a record of who did
            what that anyone can look into.
          </p>
          <Button look="primary" size="large" onClick={() => void startNode()} aria-describedby="consent">
            Start
          </Button>
          <Consent />
        </section>
        <section className="welcome-field" aria-label="The network now">
          <NetworkField />
        </section>
      </div>
      <NetworkFigures />
      <Suspense fallback={null}>
        <KernelList />
      </Suspense>
    </div>
  );
}

/** Pressing Start is agreeing to exactly this; the node signs it with the tab's own key. */
function Consent() {
  const workers = cores();
  return (
    <div className="consent" id="consent">
      <p>
        Pressing Start agrees to this: until you press Pause or close the tab, it computes work units of the jobs shown
        here with up to {workers === 1 ? 'one processor core' : `${workers} processor cores`} and your graphics chip. It
        connects to this relay, which sees your IP address, and downloads what the units need, at most 256 MiB kept. It
        rests on battery and when your device is busy. Kernels run in web workers, without access to your files or other
        pages. The agreement is signed by a key made in this tab and ends after 24 hours.
      </p>
      <p>No account, no wallet. Pause stops everything at once; limits can be changed at any time.</p>
    </div>
  );
}

function NetworkFigures() {
  const { data } = useNetwork();
  if (data === undefined) return null;
  const online = data.nodes.reduce((sum, group) => sum + group.online, 0);
  const house = data.nodes.filter((group) => group.kind === 'house').reduce((sum, group) => sum + group.online, 0);
  return (
    <Stats label="The network now">
      <Stat
        label="Nodes online"
        note={online === 0 ? 'be the first' : house > 0 ? `${formatCount(house)} of them ours` : 'all of them visitors'}
      >
        {formatCount(online)}
      </Stat>
      <Stat label="Jobs running" note={`${formatCount(data.jobsCompleted)} completed`}>
        {formatCount(data.jobsRunning)}
      </Stat>
      <Stat label="Units accepted" note={`${formatCount(data.unitsAcceptedLastMinute)} in the last minute`}>
        {formatCount(data.unitsAccepted)}
      </Stat>
      <Stat label="Results decided" note={`${formatCount(data.resultsDisagreed)} not accepted`}>
        {formatCount(data.resultsChecked)}
      </Stat>
    </Stats>
  );
}
