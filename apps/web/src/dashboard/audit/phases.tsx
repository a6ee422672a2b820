import type { AuditPhase, AuditProgress, AuditReport } from '@reckon/client/audit/audit-report';
import type { Cell, CellLook } from '../../ui/cell.ts';
import { CellField } from '../../ui/cell-field.tsx';
import { CellMark } from '../../ui/cell-mark.tsx';
import { formatCount, formatShare, plural } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';

const ORDER = ['log', 'replay', 'chain', 'recompute'] as const;

const names: { readonly [P in AuditPhase]: string } = {
  log: 'Checkpoint: signed by the relay, and an extension of the one seen before',
  replay: 'Entries: downloaded, hashed, signatures checked, and every decision made again',
  chain: 'Chain: roots and sums of each epoch compared',
  recompute: 'Work units: some accepted results computed again here',
};
const doing: { readonly [P in AuditPhase]: string } = {
  log: 'Reading the checkpoint',
  replay: 'Replaying the entries',
  chain: 'Comparing with the chain',
  recompute: 'Computing units again',
};

/** What is under way, phase by phase; each tenth is told to who listens instead of looking. */
export function Phases(props: { progress: AuditProgress }) {
  const { phase, done, total } = props.progress;
  const at = ORDER.indexOf(phase);
  const share = total === 0 ? 0 : done / total;
  const what = phase === 'chain' ? 'facts' : phase === 'recompute' ? 'units' : 'entries';
  const tenth = total === 0 ? '' : `, ${Math.floor(share * 10) * 10} percent`;
  return (
    <div className="audit-phases">
      <p role="status" className="hidden-text">{`${doing[phase]}${tenth}`}</p>
      <ol>
        {ORDER.map((each, index) => (
          <li key={each} data-now={index === at || undefined}>
            <CellMark look={lookAt(index, at)} progress={share} size={14} />
            <span>
              {names[each]}
              {index === at && total > 0 && (
                <span className="quiet small">
                  {' '}
                  {formatCount(done)} of {formatCount(total)} {what}, {formatShare(done, total)}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      <Progress value={share} label={doing[phase]} text={`${formatCount(done)} of ${formatCount(total)} ${what}`} />
    </div>
  );
}

const lookAt = (index: number, at: number): CellLook =>
  index < at ? 'checked' : index === at ? 'computing' : 'pending';

/** Most cells of the strip; each stands for a run of entries. */
const CELLS = 120;

interface StripProps {
  size: number;
  /** Entries that passed. */
  passed: number;
  /** The entry that differs. */
  differs?: number | undefined;
}

/** The log as cells: ringed once this browser has checked them, up to the first that differs. */
export function LogStrip({ size, passed, differs }: StripProps) {
  const count = Math.max(1, Math.min(CELLS, size));
  const bounds = (index: number) =>
    [Math.floor((index * size) / count), Math.floor(((index + 1) * size) / count)] as const;
  const cells: Cell[] = Array.from({ length: count }, (_, index) => {
    const [from, to] = bounds(index);
    if (differs !== undefined && differs >= from && differs < to) return { look: 'refused', progress: 0 };
    const checked = to <= passed && (differs === undefined || to <= differs);
    return { look: checked ? 'checked' : 'pending', progress: 0 };
  });
  const label =
    differs === undefined
      ? `${plural(passed, 'entry', 'entries')} of ${formatCount(size)} checked`
      : `Entry ${formatCount(differs)} of ${formatCount(size)} differs`;
  return (
    <CellField
      bare
      cells={cells}
      label={label}
      maxCell={14}
      minCell={4}
      maxHeight={96}
      describe={(index) => {
        const [from, to] = bounds(index);
        const range =
          to - from > 1 ? `Entries ${formatCount(from)} to ${formatCount(to - 1)}` : `Entry ${formatCount(from)}`;
        const { look } = cells[index] as Cell;
        return `${range}: ${look === 'checked' ? 'checked here' : look === 'refused' ? 'differs' : 'not checked'}`;
      }}
    />
  );
}

export const stripOf = ({ replay, checkpoint, difference }: AuditReport): StripProps => ({
  size: checkpoint.size,
  passed: replay.entries,
  differs: difference?.index,
});
