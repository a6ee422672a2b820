import type { UnitDetail } from '@reckon/protocol/wire/http';
import type { UnitCheck } from '@reckon/protocol/wire/http-trust';
import type { CellLook } from '../../ui/cell.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Digest } from '../../ui/digest.tsx';
import { plural } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { VerdictReason } from '../trust/verdict-reason.tsx';

const looks: { readonly [S in UnitCheck['status']]: { look: CellLook; word: string } } = {
  leased: { look: 'computing', word: 'Under way' },
  passed: { look: 'checked', word: 'Found the same' },
  disputed: { look: 'waiting', word: 'Found a difference' },
  failed: { look: 'refused', word: 'Was wrong' },
  expired: { look: 'pending', word: 'Not counted' },
};

const MAX_LISTED = 6;
/** "rows 3, 17, 40" in numbers; the rest of a long list as a count. */
const listChunks = (chunks: readonly number[]): string =>
  chunks.length <= MAX_LISTED
    ? chunks.join(', ')
    : `${chunks.slice(0, MAX_LISTED).join(', ')} and ${chunks.length - MAX_LISTED} more`;

const columns: Column<UnitCheck>[] = [
  { head: 'Checker', rowHead: true, cell: (check) => <Digest hex={check.checker} what="the checker's name" /> },
  { head: 'Checked', wide: true, cell: (check) => <Digest hex={check.subject} what="the checked node's name" /> },
  {
    head: 'Chunks',
    cell: ({ chunks }) => (
      <>
        {plural(chunks.length, 'chunk')}
        <span className="quiet small cell-note">{listChunks(chunks)}</span>
      </>
    ),
  },
  {
    head: 'Outcome',
    cell: ({ status }) => (
      <>
        <CellMark look={looks[status].look} />
        {looks[status].word}
        {status === 'failed' && (
          <span className="small verdict-reason">
            <VerdictReason reason="CHECK_WRONG" />
          </span>
        )}
      </>
    ),
  },
  {
    head: 'Reward',
    number: true,
    wide: true,
    cell: ({ reward }) => (reward === 0n ? '–' : <Money wei={reward} bare />),
  },
];

/** Which chunks of which result others recomputed, and what they found. */
export function Checks(props: { detail: UnitDetail }) {
  const { checks } = props.detail;
  if (checks.length === 0) return null;
  return (
    <DataTable
      label="Checks of this unit"
      rows={checks}
      columns={columns}
      rowKey={({ checker, subject, chunks }) => `${checker}-${subject}-${chunks.join()}`}
    />
  );
}
