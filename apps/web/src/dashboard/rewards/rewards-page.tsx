import { usePageTitle } from '../shell/page-title.ts';
import { WalletGate } from '../wallet/wallet-gate.tsx';
import { WalletProvider } from '../wallet/wallet-provider.tsx';
import { AccountView } from './account-view.tsx';
import './rewards.css';

/** What a wallet has earned through its nodes, and the button that pays it out. */
export default function RewardsPage() {
  usePageTitle('Rewards');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Rewards</h1>
        <p>
          What your nodes earn joins an epoch, the epoch is posted on the chain, and once its challenge window has
          passed you claim it. Each amount stands in one place at a time.
        </p>
      </header>
      <WalletProvider>
        <WalletGate purpose="see and claim rewards">
          {(wallet) => wallet.address !== undefined && <AccountView wallet={wallet} address={wallet.address} />}
        </WalletGate>
      </WalletProvider>
    </div>
  );
}
