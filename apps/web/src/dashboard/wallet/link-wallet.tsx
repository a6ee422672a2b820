import type { Address, NodeId } from '@reckon/protocol/base/ids';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { DELEGATION_DAYS, signDelegation } from '../../chain/delegation.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { shortHex } from '../../ui/format.ts';
import { ErrorBox } from '../../ui/states.tsx';
import { report } from '../../ui/toast.tsx';
import { currentNode } from '../node/node-store.ts';
import { useRelayConfig } from './relay-config.ts';
import { useWallet } from './use-wallet.ts';
import { WalletGate } from './wallet-gate.tsx';
import { WalletProvider } from './wallet-provider.tsx';

interface LinkWalletProps {
  nodeId: NodeId;
  payoutAddress: Address | null;
  openAtOnce: boolean;
}

/** One signature sends this node's rewards to a wallet; afterwards no prompt appears. */
export default function LinkWallet(props: LinkWalletProps) {
  return (
    <WalletProvider quiet>
      <Inner {...props} />
    </WalletProvider>
  );
}

function Inner(props: LinkWalletProps) {
  const { nodeId, payoutAddress } = props;
  const [open, setOpen] = useState(props.openAtOnce);
  return (
    <div className="link-wallet">
      {payoutAddress === null ? (
        <Button onClick={() => setOpen(true)}>Link a wallet</Button>
      ) : (
        <>
          <p className="small">
            Pays to <code title={payoutAddress}>{shortHex(payoutAddress)}</code>
          </p>
          <p className="small">
            <Link href="/rewards">Rewards</Link> ·{' '}
            <button type="button" className="link-button" onClick={() => setOpen(true)}>
              Change
            </button>
          </p>
        </>
      )}
      <Dialog open={open} onClose={() => setOpen(false)} title="Link a wallet">
        <p className="quiet">
          One signature, which costs nothing, sends what this node earns to your wallet for {DELEGATION_DAYS} days. The
          node cannot spend anything of the wallet's.
        </p>
        <WalletGate purpose="receive rewards">
          {() => <Sign nodeId={nodeId} current={payoutAddress} onDone={() => setOpen(false)} />}
        </WalletGate>
      </Dialog>
    </div>
  );
}

function Sign(props: { nodeId: NodeId; current: Address | null; onDone: () => void }) {
  const config = useRelayConfig();
  const wallet = useWallet();
  const link = useMutation({
    mutationFn: async () => {
      const signer = await wallet.open('link the wallet');
      const delegation = await signDelegation(signer, config, props.nodeId, Math.floor(Date.now() / 1000));
      currentNode()?.linkWallet(delegation);
      return delegation;
    },
    onSuccess: (delegation) => {
      report(`This node's rewards go to ${shortHex(delegation.payoutAddress)} once the relay has confirmed it.`);
      props.onDone();
    },
  });
  return (
    <div className="wallet-panel">
      <dl className="facts">
        <dt>Node</dt>
        <dd>
          <code>{shortHex(props.nodeId)}</code>
        </dd>
        <dt>Pays to</dt>
        <dd>
          <code>{shortHex(wallet.address ?? '')}</code>
          {props.current === wallet.address && ', as it does now'}
        </dd>
      </dl>
      <Button look="primary" busy={link.isPending} onClick={() => link.mutate()}>
        Sign the link
      </Button>
      {link.error && <ErrorBox compact error={link.error} />}
    </div>
  );
}
