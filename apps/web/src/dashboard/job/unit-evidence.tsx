import type { JobSummary, ResultBundle } from '@reckon/protocol/wire/http';
import { useMutation } from '@tanstack/react-query';
import { useBundle, useConfig } from '../../api/queries.ts';
import { relay } from '../../api/relay.ts';
import { Button } from '../../ui/button.tsx';
import { CellMark } from '../../ui/cell-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Money } from '../../ui/money.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { markChecked } from './verify-state.ts';

const looks = { ok: 'checked', failed: 'refused', open: 'waiting' } as const;
export const checkLook = (status: keyof typeof looks) => looks[status];

/** Receipt → Merkle path → transaction, and the same worked out again in this browser. */
export function UnitEvidence(props: { job: JobSummary; index: number }) {
  const { job, index } = props;
  const bundle = useBundle(job.jobId, true);
  const config = useConfig().data;
  const verify = useMutation({
    mutationFn: async () => {
      if (bundle.data === undefined || config === undefined) return [];
      // Signatures and the chain's ABI are loaded by the first check.
      const { verifyUnit } = await import('./verify-unit.ts');
      const checks = await verifyUnit(relay, config, bundle.data, index);
      if (checks.every((check) => check.status !== 'failed')) markChecked(job.jobId, [index]);
      return checks;
    },
  });
  const unit = bundle.data?.units.find((candidate) => candidate.index === index);
  return (
    <div className="unit-evidence">
      {unit !== undefined && <Receipts unit={unit} />}
      <div className="actions">
        <Button busy={verify.isPending} disabled={bundle.data === undefined} onClick={() => verify.mutate()}>
          Verify in this browser
        </Button>
      </div>
      {verify.data !== undefined && (
        <div role="status">
          <ul className="checks">
            {verify.data.map((check) => (
              <li key={check.name}>
                <CellMark look={checkLook(check.status)} />
                <span>
                  <strong>{check.name}</strong>: {check.words}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {(bundle.error ?? verify.error) && <ErrorBox compact error={bundle.error ?? verify.error} />}
    </div>
  );
}

function Receipts(props: { unit: ResultBundle['units'][number] }) {
  const { receipts } = props.unit;
  if (receipts.length === 0) return <p className="quiet small">Its receipts come with the next epoch.</p>;
  return (
    <DataTable
      label="Receipts of this unit"
      rows={receipts}
      columns={columns}
      rowKey={({ receipt }) => receipt.nodeId}
    />
  );
}

const columns: Column<ResultBundle['units'][number]['receipts'][number]>[] = [
  { head: 'Receipt of', rowHead: true, cell: ({ receipt }) => <Digest hex={receipt.nodeId} what="the node's name" /> },
  { head: 'Earned', number: true, cell: ({ receipt }) => <Money wei={receipt.reward} bare /> },
  { head: 'Epoch', number: true, wide: true, cell: ({ receipt }) => receipt.epoch },
  {
    head: 'Merkle root',
    wide: true,
    cell: ({ path, receiptsRoot }) => (
      <>
        <Digest hex={receiptsRoot} what="the receipts root" />
        <span className="quiet small"> by {path.length} hashes</span>
      </>
    ),
  },
  {
    head: 'Transaction',
    cell: ({ tx }) =>
      tx === null ? <span className="quiet">not yet</span> : <Digest hex={tx} what="the transaction" />,
  },
];
