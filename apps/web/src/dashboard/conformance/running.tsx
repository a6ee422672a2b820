import { formatCount } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';
import { backendWords } from './marks.tsx';
import type { ConformanceState } from './state.ts';

/** What runs now; each line of the plan is told to who listens instead of looking. */
export function Running(props: { state: ConformanceState }) {
  const { lines, outcomes } = props.state;
  const total = lines.reduce((sum, { cases }) => sum + cases.length, 0);
  const done = outcomes.length;
  let before = 0;
  const line = lines.find(({ cases }) => {
    before += cases.length;
    return done < before;
  });
  const doing =
    lines.length === 0
      ? 'Asking the browser what this device offers'
      : line === undefined
        ? 'Adding up'
        : `${line.title} on ${backendWords[line.backend]}`;
  const of = total === 0 ? '' : `${formatCount(done)} of ${formatCount(total)} cases`;
  return (
    <div className="conformance-running">
      <p>
        <span role="status">{doing}</span> <span className="quiet small">{of}</span>
      </p>
      <Progress value={total === 0 ? 0 : done / total} label="Checks done" text={of} />
    </div>
  );
}
