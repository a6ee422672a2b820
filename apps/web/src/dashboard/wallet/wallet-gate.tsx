import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { useWallet, type WalletView } from './use-wallet.ts';
import { WalletDialog } from './wallet-dialog.tsx';

/** Draws what needs a connected wallet, or says what it is for and offers to connect one. */
export function WalletGate(props: { purpose: string; children: (wallet: WalletView) => ReactNode }) {
  const wallet = useWallet();
  const [open, setOpen] = useState(false);
  if (wallet.state === 'hidden') return null;
  if (wallet.state === 'connected') return props.children(wallet);
  const wrong = wallet.state === 'wrong-network';
  return (
    <div className="wallet-gate">
      <p>
        {wrong
          ? `The wallet is on another network, so it cannot ${props.purpose}.`
          : `A wallet is needed to ${props.purpose}.`}
      </p>
      <Button look="primary" onClick={() => setOpen(true)}>
        {wrong ? 'Switch the network' : 'Connect wallet'}
      </Button>
      <WalletDialog open={open} onClose={() => setOpen(false)} />
    </div>
  );
}
