import type { LoggedUnit, UnitOutcome } from '@reckon/node/snapshot';
import { Link } from 'wouter';
import type { CellLook } from '../../ui/cell.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatDuration, plural } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { Ago } from '../../ui/time.tsx';
import { VerdictReason } from '../trust/verdict-reason.tsx';

const outcomes: { readonly [O in UnitOutcome]: { word: string; look: CellLook } } = {
  sending: { word: 'Sending', look: 'computing' },
  waiting: { word: 'Waiting', look: 'waiting' },
  accepted: { word: 'Accepted', look: 'accepted' },
  disagreed: { word: 'Not accepted', look: 'refused' },
  expired: { word: 'Came too late', look: 'refused' },
  'not-needed': { word: 'Not needed any more', look: 'pending' },
  failed: { word: 'Failed here', look: 'refused' },
  revoked: { word: 'Taken back', look: 'pending' },
  checked: { word: 'Checked', look: 'checked' },
};

const notes: { readonly [O in UnitOutcome]?: string } = {
  waiting: 'until it is decided',
  checked: 'of another node’s result',
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
        <DataTable
          label="Recent units"
          rows={shown}
          columns={columns}
          rowKey={(unit) => `${unit.workUnitId}-${unit.finishedAt}`}
        />
      )}
    </section>
  );
}

const columns: Column<LoggedUnit>[] = [
  {
    head: 'Unit',
    rowHead: true,
    className: 'log-unit',
    cell: (unit) => (
      <>
        <Link href={`/jobs/${unit.jobId}?unit=${unit.index}`}>Unit {unit.index}</Link>
        <span className="quiet small">{unit.title}</span>
      </>
    ),
  },
  {
    head: 'Verdict',
    cell: (unit) => {
      const { word, look } = outcomes[unit.outcome];
      const note = unit.reason ?? notes[unit.outcome] ?? null;
      return (
        <>
          <CellMark look={look} />
          {word}
          {unit.outcome === 'checked' && ` ${plural(unit.chunks ?? 0, 'chunk')}`}
          {note !== null && (
            <span className="quiet small log-reason">
              <VerdictReason reason={note} />
            </span>
          )}
        </>
      );
    },
  },
  { head: 'Took', number: true, wide: true, cell: (unit) => formatDuration(unit.computeMs) },
  {
    head: 'Reward',
    number: true,
    cell: (unit) => (unit.outcome === 'accepted' ? <Money wei={unit.reward} bare /> : '–'),
  },
  { head: 'Finished', wide: true, cell: (unit) => <Ago at={unit.finishedAt} /> },
];
