import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CellMark } from '../../ui/cell-mark.tsx';
import { shortHex } from '../../ui/format.ts';
import { useWallet } from './use-wallet.ts';
import { WalletDialog } from './wallet-dialog.tsx';
import { WalletProvider } from './wallet-provider.tsx';

/** The wallet in the page's head. */
export default function WalletButton(props: { openAtOnce: boolean }) {
  return (
    <WalletProvider quiet>
      <Inner openAtOnce={props.openAtOnce} />
    </WalletProvider>
  );
}

function Inner(props: { openAtOnce: boolean }) {
  const wallet = useWallet();
  const [open, setOpen] = useState(props.openAtOnce);
  if (wallet.state === 'hidden') return null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {wallet.state === 'disconnected' && 'Connect wallet'}
        {wallet.state === 'wrong-network' && (
          <>
            <CellMark look="refused" /> Wrong network
          </>
        )}
        {wallet.state === 'connected' && (
          <>
            <CellMark look="accepted" size={8} />
            <span className="mono">{shortHex(wallet.address ?? '')}</span>
          </>
        )}
      </Button>
      <WalletDialog open={open} onClose={() => setOpen(false)} />
    </>
  );
}
