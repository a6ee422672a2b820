import { fundJob } from '@reckon/client/chain/fund-job';
import type { JobSummary } from '@reckon/protocol/wire/http';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys, useBundle } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Money } from '../../ui/money.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { report } from '../../ui/toast.tsx';
import { useRelayConfig } from '../wallet/relay-config.ts';
import type { WalletView } from '../wallet/use-wallet.ts';
import { WalletGate } from '../wallet/wallet-gate.tsx';
import { WalletProvider } from '../wallet/wallet-provider.tsx';

/** For a job that was posted but not funded, as after a reload: pays what is missing, never twice. */
export default function Fund(props: { job: JobSummary }) {
  return (
    <WalletProvider>
      <WalletGate purpose="fund this job">{(wallet) => <Pay job={props.job} wallet={wallet} />}</WalletGate>
    </WalletProvider>
  );
}

function Pay(props: { job: JobSummary; wallet: WalletView }) {
  const { job, wallet } = props;
  const config = useRelayConfig();
  const queries = useQueryClient();
  const bundle = useBundle(job.jobId, true);
  const missing = job.budget > job.funded ? job.budget - job.funded : 0n;
  const fund = useMutation({
    mutationFn: async () => {
      const { order } = (bundle.data ?? (await bundle.refetch({ throwOnError: true })).data ?? raise()).order;
      return fundJob({ wallet: await wallet.open('fund the job'), chain: wallet.chain, config, order });
    },
    onSuccess: () => {
      report('The escrow is funded. The job starts when the relay has seen it on the chain.');
      void queries.invalidateQueries({ queryKey: keys.allOfJob(job.jobId) });
    },
  });
  return (
    <div className="panel">
      <p>
        <Money wei={missing} mark /> of <Money wei={job.budget} /> is missing in escrow. What is not spent returns.
      </p>
      <div className="actions">
        <Button look="primary" busy={fund.isPending} onClick={() => fund.mutate()}>
          Fund it
        </Button>
      </div>
      {fund.error && <ErrorBox compact error={fund.error} />}
    </div>
  );
}

/** A query that neither failed nor answered. */
function raise(): never {
  throw new Error('the order could not be read');
}
