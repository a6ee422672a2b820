import type { ReplicaStatus, UnitDetail } from '@reckon/protocol/wire/http';
import type { CellLook } from '../../ui/cell.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Digest } from '../../ui/digest.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { VerdictReason } from '../trust/verdict-reason.tsx';

type Replica = UnitDetail['replicas'][number];

const looks: { readonly [S in ReplicaStatus]: { look: CellLook; word: string } } = {
  leased: { look: 'computing', word: 'Computing' },
  committed: { look: 'waiting', word: 'Committed' },
  revealed: { look: 'waiting', word: 'Revealed' },
  agreed: { look: 'accepted', word: 'Agreed' },
  disagreed: { look: 'refused', word: 'Not accepted' },
  expired: { look: 'pending', word: 'Not counted' },
};

const columns: Column<Replica>[] = [
  {
    head: 'Node',
    rowHead: true,
    cell: (replica) => (
      <>
        <Digest hex={replica.nodeId} what="the node's name" />
        {replica.kind !== 'tab' && <span className="quiet small"> {replica.kind}</span>}
      </>
    ),
  },
  { head: 'Device', wide: true, className: 'nowrap', cell: (replica) => replica.device },
  {
    head: 'Verdict',
    cell: ({ status, reason, canary }) => (
      <>
        <CellMark look={looks[status].look} />
        {looks[status].word}
        {canary && <span className="quiet small"> · to test the node</span>}
        {reason !== null && status !== 'agreed' && (
          <span className="small verdict-reason">
            <VerdictReason reason={reason} />
          </span>
        )}
      </>
    ),
  },
  {
    head: 'Result',
    cell: ({ resultDigest }) =>
      resultDigest === null ? '–' : <Digest hex={resultDigest} what="the result's digest" />,
  },
  {
    head: 'Took',
    number: true,
    wide: true,
    cell: ({ revealedAt, leasedAt }) => (revealedAt === null ? '–' : formatDuration(revealedAt - leasedAt)),
  },
  {
    head: 'Reward',
    number: true,
    wide: true,
    cell: ({ reward }) => (reward === 0n ? '–' : <Money wei={reward} bare />),
  },
];

/** Who computed a unit, what each found, and what became of it. */
export function Replicas(props: { detail: UnitDetail }) {
  const { replicas } = props.detail;
  if (replicas.length === 0) return null;
  return (
    <DataTable
      label="Replicas of this unit"
      rows={replicas}
      columns={columns}
      rowKey={(replica) => `${replica.nodeId}-${replica.leasedAt}`}
    />
  );
}
