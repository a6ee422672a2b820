import { signControl } from '@reckon/client/chain/sign-order';
import type { JobAction } from '@reckon/protocol/model/job-order';
import type { JobSummary } from '@reckon/protocol/wire/http';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../../api/queries.ts';
import { relay } from '../../api/relay.ts';
import { Button } from '../../ui/button.tsx';
import { plural, shortHex } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { useRelayConfig } from '../wallet/relay-config.ts';
import type { WalletView } from '../wallet/use-wallet.ts';
import { WalletGate } from '../wallet/wallet-gate.tsx';
import { WalletProvider } from '../wallet/wallet-provider.tsx';

/** Pause, resume, cancel: signed by the requester's wallet, after saying what is lost and what returns. */
export default function Control(props: { job: JobSummary }) {
  return (
    <WalletProvider>
      <WalletGate purpose="change this job">{(wallet) => <Verbs job={props.job} wallet={wallet} />}</WalletGate>
    </WalletProvider>
  );
}

function Verbs(props: { job: JobSummary; wallet: WalletView }) {
  const { job, wallet } = props;
  const config = useRelayConfig();
  const queries = useQueryClient();
  const [cancelling, setCancelling] = useState(false);
  const act = useMutation({
    mutationFn: async (action: JobAction) =>
      relay.controlJob(await signControl(await wallet.open(`${action} the job`), config, job.jobId, action)),
    onSuccess: (summary) => {
      queries.setQueryData(keys.job(job.jobId), summary);
      setCancelling(false);
    },
  });
  if (wallet.address !== job.requester) {
    return (
      <p className="quiet">
        Only its requester, {shortHex(job.requester)}, can change this job; the wallet is{' '}
        {shortHex(wallet.address ?? '')}.
      </p>
    );
  }
  const returns = job.funded > job.spent ? job.funded - job.spent : 0n;
  return (
    <div className="panel">
      <div className="actions">
        {job.status === 'paused' ? (
          <Button busy={act.isPending} onClick={() => act.mutate('resume')}>
            Resume
          </Button>
        ) : (
          <Button busy={act.isPending} onClick={() => act.mutate('pause')}>
            Pause
          </Button>
        )}
        {!cancelling && (
          <Button look="danger" onClick={() => setCancelling(true)}>
            Cancel the job
          </Button>
        )}
      </div>
      {cancelling && (
        <div className="forget" role="alertdialog" aria-label="Cancel the job">
          <p>
            {plural(job.units.total - job.units.accepted - job.units.failed, 'unit')} will not be computed.{' '}
            {plural(job.units.accepted, 'result')} stay yours, for <Money wei={job.spent} />.{' '}
            <Money wei={returns} mark /> returns to the wallet when the epoch is posted. This cannot be undone.
          </p>
          <div className="actions">
            <Button look="danger" busy={act.isPending} onClick={() => act.mutate('cancel')}>
              Cancel it
            </Button>
            <Button onClick={() => setCancelling(false)}>Keep it running</Button>
          </div>
        </div>
      )}
      {act.error && <ErrorBox compact error={act.error} />}
    </div>
  );
}
