import type { NodeSnapshot } from '@reckon/node/snapshot';
import type { ReactNode } from 'react';
import { useTopics } from '../../api/live.ts';
import { useNodeSummary } from '../../api/queries.ts';
import { formatCount, plural } from '../../ui/format.ts';
import { Money, TestMoney, useToken } from '../../ui/money.tsx';
import { Tally } from '../../ui/tally.tsx';
import { useNow } from '../../ui/time.tsx';
import { countToday } from '../node/day-count.ts';

/** The day's tally, and the three stages of what was earned. They are stages of one thing and never added up. */
export function Earnings(props: { snapshot: NodeSnapshot; children: ReactNode }) {
  const { totals, nodeId, payoutAddress } = props.snapshot;
  const now = useNow();
  const token = useToken();
  useTopics(nodeId === null ? '' : `node:${nodeId}`);
  const summary = useNodeSummary(totals.accepted > 0 ? nodeId : null).data;
  const today = countToday(totals.accepted, now);
  return (
    <section className="earnings" aria-label="What this tab has done">
      <div className="earnings-today">
        <p className="quiet small">Accepted today</p>
        <p className="earnings-count">
          <span>{formatCount(today)}</span>
          <Tally count={today} label="Accepted today" />
        </p>
        <p className="quiet small">
          {plural(totals.credits, 'credit')} in all, for {plural(totals.accepted, 'unit')}
          {totals.checks > 0 && ` and ${plural(totals.checks, 'check')}`}
        </p>
      </div>
      <ol className="stages">
        <li>
          <span className="quiet small">Pending</span>
          <strong>{plural(totals.waiting, 'result')}</strong>
          <span className="quiet small">{totals.waiting === 0 ? 'none waits' : 'until it is decided'}</span>
        </li>
        <li>
          <span className="quiet small">
            Accepted
            {token.test && <TestMoney />}
          </span>
          <strong>
            <Money wei={totals.reward} />
          </strong>
          <span className="quiet small">for {plural(totals.accepted, 'unit')}</span>
        </li>
        <li>
          <span className="quiet small">Settled</span>
          <strong>
            <Money wei={summary?.settled ?? 0n} />
          </strong>
          <span className="quiet small">
            {payoutAddress === null ? 'needs a linked wallet' : 'posted on the chain, to claim'}
          </span>
        </li>
      </ol>
      <div className="earnings-link">{props.children}</div>
    </section>
  );
}
