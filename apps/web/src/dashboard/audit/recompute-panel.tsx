import type { RecomputeReport } from '@reckon/client/audit/recompute';
import { Button } from '../../ui/button.tsx';
import { CellMark } from '../../ui/cell-mark.tsx';
import { formatBytes, formatCount, formatDuration, plural } from '../../ui/format.ts';
import type { Audit } from './use-audit.ts';

/** The last step: nothing is downloaded or computed before the button is pressed. */
export function RecomputePanel(props: { audit: Audit }) {
  const { state, recompute } = props.audit;
  const { report, recomputed, progress, inputBytes } = state;
  if (report === undefined || report.sample.length === 0) return null;
  const count = report.sample.length;
  return (
    <section className="panel" aria-labelledby="recompute-title">
      <h2 id="recompute-title">Compute some units again</h2>
      <p>
        The journal says what was accepted; whether a result is right only computing it again shows.{' '}
        {plural(count, 'unit')} of {formatCount(report.accepted)} accepted {count === 1 ? 'was' : 'were'} drawn by this
        browser. The button downloads{' '}
        {inputBytes === 0 ? 'their results' : `their inputs (${formatBytes(inputBytes)}) and results`} from the relay
        and computes them here, one after the other.
      </p>
      {recomputed === undefined ? (
        <div className="actions">
          <Button onClick={recompute} busy={progress?.phase === 'recompute'}>
            {count === 1 ? 'Compute the unit' : `Compute ${count} units`}
          </Button>
        </div>
      ) : (
        <Recomputed recomputed={recomputed} />
      )}
    </section>
  );
}

function Recomputed({ recomputed }: { recomputed: RecomputeReport }) {
  return (
    <ul className="audit-units" aria-label="Units computed again">
      {recomputed.units.map((unit) => (
        <li key={unit.workUnitId}>
          <CellMark look={unit.how === 'skipped' ? 'pending' : 'checked'} size={14} />
          <span>
            Unit {unit.index} of “{unit.title}”: {unit.words}{' '}
            <span className="quiet small">
              {unit.kernel}
              {unit.how !== 'skipped' && `, ${formatDuration(unit.computeMs)}`}, entry {formatCount(unit.entry)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
