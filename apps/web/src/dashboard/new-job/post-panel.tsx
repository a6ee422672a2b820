import { type PostStep, postJob } from '@reckon/client/post-job';
import type { PreparedJob } from '@reckon/client/prepare-job';
import type { SignedJobOrder } from '@reckon/protocol/model/job-order';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { relay } from '../../api/relay.ts';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { report } from '../../ui/toast.tsx';
import { Equivalent } from '../shell/equivalent.tsx';
import { useRelayConfig } from '../wallet/relay-config.ts';
import { useTokenBalance, type WalletView } from '../wallet/use-wallet.ts';
import { WalletGate } from '../wallet/wallet-gate.tsx';
import { WalletProvider } from '../wallet/wallet-provider.tsx';
import type { Draft } from './draft.ts';
import { type StepName, StepList } from './steps.tsx';

/** The order: who pays, then the steps, each with its state. */
export function PostPanel(props: { prepared: PreparedJob | undefined; draft: Draft }) {
  return (
    <section className="panel" aria-labelledby="order-title">
      <h2 id="order-title">5 · Order</h2>
      <WalletProvider>
        <WalletGate purpose="pay for the job">
          {(wallet) => <Order prepared={props.prepared} wallet={wallet} />}
        </WalletGate>
      </WalletProvider>
      <Equivalent
        cli="npx reckon run job.json --out results/"
        sdk={'const { jobId } = await postJob({ relay, config, prepared, wallet, chain })'}
        http="POST /api/jobs, then JobEscrow.fundWithPermit on the chain"
      />
    </section>
  );
}

function Order(props: { prepared: PreparedJob | undefined; wallet: WalletView }) {
  const { prepared, wallet } = props;
  const config = useRelayConfig();
  const balance = useTokenBalance(wallet);
  const [, navigate] = useLocation();
  const [at, setAt] = useState<StepName>();
  const [note, setNote] = useState('');
  const [signed, setSigned] = useState<SignedJobOrder>();

  const onStep = (step: PostStep) => {
    setAt(step.step);
    if (step.step === 'signed') setSigned(step.signed);
    setNote(step.step === 'uploading' ? `${formatBytes(step.bytes)} of ${formatBytes(step.total)}` : '');
  };
  const post = useMutation({
    mutationFn: async (job: PreparedJob) => {
      const resumed = signed !== undefined && signed.order.specDigest === job.specDigest ? { signed } : {};
      const signer = await wallet.open('order the job');
      return postJob({ relay, config, prepared: job, wallet: signer, chain: wallet.chain, onStep, ...resumed });
    },
    onSuccess: ({ jobId }) => {
      report('The job is funded and on its way to volunteers.');
      navigate(`/jobs/${jobId}`);
    },
  });
  const short = prepared !== undefined && balance.data !== undefined && balance.data < prepared.budget;
  return (
    <div className="panel">
      <p className="small">
        The wallet holds{' '}
        {balance.data === undefined ? 'an amount that is being read' : <Money wei={balance.data} mark />}
        {short && (
          <span className="field-error order-short">Less than the job costs. Get more, or make it smaller.</span>
        )}
      </p>
      <Button
        look="primary"
        size="large"
        busy={post.isPending}
        disabled={prepared === undefined || short}
        onClick={() => prepared !== undefined && post.mutate(prepared)}
      >
        {post.isError ? 'Try again' : 'Sign and fund'}
      </Button>
      <p className="quiet small">
        Two signatures: the order, and a permit for exactly its price. Then one transaction moves the escrow.
      </p>
      {at !== undefined && <StepList at={at} failed={post.isError} done={post.isSuccess} note={note} />}
      {post.error && <ErrorBox compact error={post.error} />}
    </div>
  );
}
