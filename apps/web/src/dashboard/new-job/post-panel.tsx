import { type PostStep, postJob } from '@reckon/client/post-job';
import type { PreparedJob } from '@reckon/client/prepare-job';
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
import { type StepName, StepList } from './steps.tsx';
import type { DraftForm } from './use-draft.ts';

/** The order: who pays, then the steps, each with its state. */
export function PostPanel(props: { prepared: PreparedJob | undefined; form: DraftForm }) {
  return (
    <section className="panel" aria-labelledby="order-title">
      <h2 id="order-title">5 · Order</h2>
      <WalletProvider>
        <WalletGate purpose="pay for the job">
          {(wallet) => <Order prepared={props.prepared} form={props.form} wallet={wallet} />}
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

function Order(props: { prepared: PreparedJob | undefined; form: DraftForm; wallet: WalletView }) {
  const { prepared, form, wallet } = props;
  const config = useRelayConfig();
  const balance = useTokenBalance(wallet);
  const [, navigate] = useLocation();
  const [at, setAt] = useState<StepName>();
  const [note, setNote] = useState('');

  const onStep = (step: PostStep) => {
    setAt(step.step);
    if (step.step === 'signed') form.sign(step.signed);
    setNote(step.step === 'uploading' ? `${formatBytes(step.bytes)} of ${formatBytes(step.total)}` : '');
  };
  const { signed } = form;
  // An order signed earlier for this very job, by this wallet, goes on from where it stopped and is never paid twice.
  const goesOn =
    signed !== undefined &&
    signed.order.specDigest === prepared?.specDigest &&
    signed.order.requester === wallet.address &&
    signed.order.expiresAt * 1000 > Date.now();
  const post = useMutation({
    mutationFn: async (job: PreparedJob) => {
      const signer = await wallet.open('order the job');
      return postJob({
        relay,
        config,
        prepared: job,
        wallet: signer,
        chain: wallet.chain,
        onStep,
        ...(goesOn && { signed }),
      });
    },
    onSuccess: ({ jobId }) => {
      form.clear();
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
        {goesOn && !post.isPending
          ? 'This order is signed already. It goes on from there: one signature for the permit, then one transaction moves the escrow.'
          : 'Two signatures: the order, and a permit for exactly its price. Then one transaction moves the escrow.'}
      </p>
      {at !== undefined && <StepList at={at} failed={post.isError} done={post.isSuccess} note={note} />}
      {post.error && <ErrorBox compact error={post.error} />}
    </div>
  );
}
