import type { JobSummary, ResultBundle } from '@reckon/protocol/wire/http';
import { useMutation } from '@tanstack/react-query';
import { useBundle, useConfig } from '../../api/queries.ts';
import { relay } from '../../api/relay.ts';
import { Button } from '../../ui/button.tsx';
import { CellMark } from '../../ui/cell-mark.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Money } from '../../ui/money.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { markChecked } from './verify-state.ts';

const looks = { ok: 'checked', failed: 'refused', open: 'waiting' } as const;
export const checkLook = (status: keyof typeof looks) => looks[status];

/** Receipt → Merkle path → transaction, and the same worked out again in this browser. */
export function UnitProof(props: { job: JobSummary; index: number }) {
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
    <div className="unit-proof">
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
    <ul className="receipts small">
      {receipts.map(({ receipt, path, receiptsRoot, tx }) => (
        <li key={receipt.nodeId}>
          <span>
            Receipt: <Digest hex={receipt.nodeId} what="the node's name" /> earned <Money wei={receipt.reward} /> in
            epoch {receipt.epoch}
          </span>
          <span>
            Path of {path.length} to root <Digest hex={receiptsRoot} what="the receipts root" />
          </span>
          <span>
            {tx === null ? (
              'not on the chain yet'
            ) : (
              <>
                transaction <Digest hex={tx} what="the transaction" />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
