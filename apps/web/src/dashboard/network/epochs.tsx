import type { EpochList } from '@reckon/protocol/wire/http';
import { useEpochs } from '../../api/queries.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Digest } from '../../ui/digest.tsx';
import { formatCount } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { Loaded } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';

type Epoch = EpochList['epochs'][number];

const looks = { open: 'computing', sealed: 'waiting', posted: 'waiting', final: 'accepted' } as const;
const meanings: { readonly [S in Epoch['status']]: string } = {
  open: 'collecting receipts',
  sealed: 'closed, not on the chain yet',
  posted: 'on the chain, in its challenge window',
  final: 'final, claimable',
};

const columns: Column<Epoch>[] = [
  { head: 'Epoch', rowHead: true, cell: (epoch) => epoch.epoch },
  {
    head: 'State',
    title: ({ status }) => meanings[status],
    cell: ({ status }) => (
      <>
        <CellMark look={looks[status]} />
        {status}
      </>
    ),
  },
  { head: 'Receipts', number: true, wide: true, cell: (epoch) => formatCount(epoch.receipts) },
  { head: 'Charged', number: true, cell: (epoch) => <Money wei={epoch.charged} bare /> },
  {
    head: 'Receipts root',
    wide: true,
    cell: (epoch) => <Digest hex={epoch.receiptsRoot} what="the receipts root" />,
  },
  {
    head: 'Transaction',
    cell: ({ tx, gasUsed }) => (
      <>
        {tx === null ? <span className="quiet">not yet</span> : <Digest hex={tx} what="the transaction" />}
        {gasUsed !== null && <span className="quiet small wide-inline"> {formatCount(gasUsed)} gas</span>}
      </>
    ),
  },
  { head: 'Sealed', wide: true, cell: (epoch) => <Ago at={epoch.sealedAt} /> },
];

/** The newest accounting periods, and where each stands on its way to being final. */
export function Epochs() {
  const epochs = useEpochs(20);
  return (
    <section className="panel" aria-labelledby="epochs-title">
      <h2 id="epochs-title">Epochs</h2>
      <Loaded query={epochs} what="the epochs">
        {(list) =>
          list.length === 0 ? (
            <p className="quiet">
              No epoch has been sealed yet. The first is posted once there is something to settle.
            </p>
          ) : (
            <DataTable label="Epochs" rows={list} columns={columns} rowKey={(epoch) => epoch.epoch} />
          )
        }
      </Loaded>
    </section>
  );
}
