import type { Standing as StandingData } from '@reckon/protocol/wire/http-trust';
import type { NodeSnapshot } from '@reckon/node/snapshot';
import { Link } from 'wouter';
import { useNodeSummary } from '../../api/queries.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { formatTime, plural } from '../../ui/format.ts';
import { holdWords } from '../trust/hold-words.ts';

/** How the network regards this node, or the wallet it is linked to; nothing before its first result. */
export function StandingView(props: { snapshot: NodeSnapshot }) {
  const { nodeId, totals } = props.snapshot;
  const known = totals.accepted + totals.waiting + totals.disagreed + totals.checks > 0;
  const standing = useNodeSummary(known ? nodeId : null).data?.standing;
  return (
    <section className="panel" aria-labelledby="standing-title">
      <h2 id="standing-title">Standing</h2>
      {standing === undefined ? (
        <p className="quiet small">How far the network believes this node is shown after its first result.</p>
      ) : (
        <StandingFacts standing={standing} />
      )}
    </section>
  );
}

function StandingFacts(props: { standing: StandingData }) {
  const { standing } = props;
  const { barredUntil, verified, holdUntil } = standing;
  const barred = barredUntil !== null && barredUntil > Date.now();
  return (
    <>
      {barred && (
        <p className="note small">
          This node gets no work until {formatTime(barredUntil)}, because a result of it or of its wallet was found to
          be wrong. <Link href="/verdicts#NODE_BARRED">What that means</Link>
        </p>
      )}
      <p className="small standing-line">
        <CellMark look={verified >= holdUntil ? 'checked' : 'computing'} progress={verified / Math.max(1, holdUntil)} />
        <span>{holdWords(standing)}</span>
      </p>
      <dl className="facts small">
        <dt>Reputation</dt>
        <dd>{Math.floor(standing.reputation * 100)}%, from how its results came out</dd>
        <dt>Left today</dt>
        <dd>{plural(standing.quotaLeft, 'unit')}; the number grows with good results</dd>
      </dl>
    </>
  );
}
