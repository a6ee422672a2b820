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
          What your nodes earn is pending until an epoch settles it on the chain; then you claim it. The three are
          stages of one amount, not parts of a sum.
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
