import { fromWire, type WireError } from '@reckon/protocol/base/errors';
import { Link } from 'wouter';
import { ErrorBox } from '../../ui/states.tsx';
import { formatTime } from '../../ui/format.ts';
import { VerdictReason } from '../trust/verdict-reason.tsx';

/** The node's last refusal. A node without work for a time is told until when and why, calmly: there is nothing to press. */
export function Refusal(props: { error: WireError }) {
  const { code, details } = props.error;
  if (code !== 'NODE_BARRED') return <ErrorBox compact error={fromWire(props.error)} />;
  const until = Date.parse(String(details['until']));
  return (
    <p className="note" role="status">
      This node gets no work {Number.isNaN(until) ? 'for a time' : `until ${formatTime(until)}`}, because of a result of
      it or of its wallet: <VerdictReason reason={String(details['reason'])} />. Then it begins again like a newcomer.{' '}
      <Link href="/verdicts#NODE_BARRED">What that means</Link>
    </p>
  );
}
