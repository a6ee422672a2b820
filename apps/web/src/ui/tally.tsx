import './tally.css';
import { plural } from './format.ts';

/** Most groups drawn, so that a good day takes no more room than another; above, the number alone tells. */
const MAX_GROUPS = 5;

/** Groups of five, four bars and a stroke: how a volunteer's day is counted. */
export function Tally(props: { count: number; label: string }) {
  const groups = Math.floor(props.count / 5);
  const rest = props.count % 5;
  const drawn = Math.min(groups, MAX_GROUPS);
  return (
    <span className="tally" role="img" aria-label={`${props.label}: ${plural(groups, 'tally', 'tallies')} and ${rest}`}>
      {Array.from({ length: drawn }, (_, index) => (
        <TallyGroup key={index} bars={5} />
      ))}
      {groups > drawn && <span className="quiet">…</span>}
      {(rest > 0 || groups === 0) && <TallyGroup bars={rest} />}
    </span>
  );
}

function TallyGroup(props: { bars: number }) {
  return (
    <svg width="26" height="24" viewBox="0 0 26 24" aria-hidden="true" className="tally-group">
      {[0, 1, 2, 3].map((bar) => (
        <path key={bar} d={`M${5 + bar * 5} 3v18`} className={bar < props.bars ? 'tally-on' : 'tally-off'} />
      ))}
      {props.bars === 5 && <path d="M1 19 25 5" className="tally-on" />}
    </svg>
  );
}
