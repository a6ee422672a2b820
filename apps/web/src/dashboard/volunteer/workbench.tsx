import { lazy, Suspense, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { isRunning, lookOfNode, useNodeStatus } from '../node/node-status.ts';
import { finishNode, type NodeView, pauseNode, startNode } from '../node/node-store.ts';
import { CurrentUnits } from './current-unit.tsx';
import { Earnings } from './earnings.tsx';
import { Limits } from './limits.tsx';
import { NodeFacts } from './node-facts.tsx';
import { Refusal } from './refusal.tsx';
import { StandingView } from './standing.tsx';
import { UnitLog } from './unit-log.tsx';
import './workbench.css';

const LinkWallet = lazy(() => import('../wallet/link-wallet.tsx'));

/** After Start: the status line with its verbs, the unit as itself, what came of it, and the limits. */
export function Workbench(props: { view: NodeView }) {
  const { view } = props;
  const { snapshot } = view;
  const status = useNodeStatus() ?? { title: 'Off' };
  const running = isRunning(snapshot) || view.loading;
  const finishing = snapshot?.state === 'finishing';
  const [linking, setLinking] = useState(false);
  return (
    <div className="page workbench">
      <h1 className="hidden-text">Volunteer</h1>
      <StatusLine status={status} look={lookOfNode(snapshot)}>
        {running ? (
          <>
            <Button onClick={finishNode} disabled={finishing || view.loading}>
              Finish
            </Button>
            <Button look="primary" onClick={pauseNode}>
              Pause
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={() => void startNode()}>
            Start
          </Button>
        )}
      </StatusLine>
      {snapshot?.error && <Refusal error={snapshot.error} />}
      {snapshot !== undefined && !view.loading && (
        <>
          <CurrentUnits snapshot={snapshot} recent={view.recent} />
          <Earnings snapshot={snapshot}>
            {snapshot.nodeId !== null &&
              (linking || snapshot.payoutAddress !== null ? (
                <Suspense fallback={<Button busy>Loading the wallet</Button>}>
                  <LinkWallet nodeId={snapshot.nodeId} payoutAddress={snapshot.payoutAddress} openAtOnce={linking} />
                </Suspense>
              ) : (
                <Button onClick={() => setLinking(true)}>Link a wallet</Button>
              ))}
          </Earnings>
          <div className="two-columns">
            <UnitLog log={snapshot.log} />
            <div className="panel-stack">
              <StandingView snapshot={snapshot} />
              <Limits settings={snapshot.settings} capabilities={snapshot.capabilities} />
              <NodeFacts snapshot={snapshot} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}
