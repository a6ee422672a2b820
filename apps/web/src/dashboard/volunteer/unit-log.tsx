import type { LoggedUnit, UnitOutcome } from '@reckon/node/snapshot';
import { Link } from 'wouter';
import type { CellLook } from '../../ui/cell.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { Ago } from '../../ui/time.tsx';

const outcomes: { readonly [O in UnitOutcome]: { word: string; look: CellLook } } = {
  sending: { word: 'Sending', look: 'computing' },
  waiting: { word: 'Waiting', look: 'waiting' },
  accepted: { word: 'Accepted', look: 'accepted' },
  disagreed: { word: 'Others disagreed', look: 'refused' },
  expired: { word: 'Came too late', look: 'refused' },
  'not-needed': { word: 'Not needed any more', look: 'pending' },
  failed: { word: 'Failed here', look: 'refused' },
  revoked: { word: 'Taken back', look: 'pending' },
};

/** The last units and what became of each, with the reason when it was not accepted. */
export function UnitLog(props: { log: readonly LoggedUnit[] }) {
  const shown = props.log.slice(0, 12);
  return (
    <section className="panel" aria-labelledby="log-title">
      <h2 id="log-title">Recent units</h2>
      {shown.length === 0 ? (
        <p className="quiet">The first finished unit is listed here, with its verdict.</p>
      ) : (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th scope="col">Unit</th>
                <th scope="col">Verdict</th>
                <th scope="col" className="wide-only number">
                  Took
                </th>
                <th scope="col" className="number">
                  Reward
                </th>
                <th scope="col" className="wide-only">
                  Finished
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((unit) => (
                <Row key={`${unit.workUnitId}-${unit.finishedAt}`} unit={unit} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row(props: { unit: LoggedUnit }) {
  const { unit } = props;
  const { word, look } = outcomes[unit.outcome];
  const note = unit.reason ?? (unit.outcome === 'waiting' ? 'for another node' : null);
  return (
    <tr>
      <td className="log-unit">
        <Link href={`/jobs/${unit.jobId}?unit=${unit.index}`}>Unit {unit.index}</Link>
        <span className="quiet small">{unit.title}</span>
      </td>
      <td>
        <CellMark look={look} />
        {word}
        {note !== null && <span className="quiet small log-reason">{note}</span>}
      </td>
      <td className="wide-only number">{formatDuration(unit.computeMs)}</td>
      <td className="number">{unit.outcome === 'accepted' ? <Money wei={unit.reward} bare /> : '–'}</td>
      <td className="wide-only">
        <Ago at={unit.finishedAt} />
      </td>
    </tr>
  );
}
