import { claimReward, tokenBalance } from '@reckon/client/chain/claim';
import type { Wei } from '@reckon/protocol/base/units';
import type { AccountSummary } from '@reckon/protocol/wire/http';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { CellMark } from '../../ui/cell-mark.tsx';
import { Digest } from '../../ui/digest.tsx';
import { formatCount } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { Equivalent } from '../shell/equivalent.tsx';
import { useRelayConfig } from '../wallet/relay-config.ts';
import { useTokenBalance, type WalletView } from '../wallet/use-wallet.ts';

/** One button collects everything final and not yet paid; the wallet's balance is read back from the chain after. */
export function ClaimPanel(props: { account: AccountSummary; wallet: WalletView; claimable: Wei }) {
  const { account, wallet, claimable } = props;
  const config = useRelayConfig();
  const queries = useQueryClient();
  const balance = useTokenBalance(wallet);
  const claim = useMutation({
    mutationFn: async () => {
      const signer = await wallet.open('claim the reward');
      const claimed = await claimReward({ wallet: signer, chain: wallet.chain, config, account });
      return { ...claimed, holds: await tokenBalance(wallet.chain, config, account.account) };
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['balance'] });
      await queries.invalidateQueries({ queryKey: keys.account(account.account) });
    },
  });
  return (
    <section className="sheet claim" aria-labelledby="claim-title">
      <div className="claim-row">
        <div>
          <h2 id="claim-title">Ready to claim</h2>
          <p className="cost-total">
            <Money wei={claimable} mark />
          </p>
          <p className="quiet small">
            {account.claim === null || claimable === 0n
              ? 'An epoch can be claimed once its challenge window has passed without a challenge.'
              : `Everything up to epoch ${account.claim.epoch}, in one transaction.`}
          </p>
        </div>
        <div className="claim-act">
          <Button
            look="primary"
            size="large"
            busy={claim.isPending}
            disabled={claimable === 0n}
            onClick={() => claim.mutate()}
          >
            Claim
          </Button>
          <p className="quiet small">
            The wallet holds {balance.data === undefined ? 'an amount being read' : <Money wei={balance.data} />}
          </p>
        </div>
      </div>
      {claim.isPending && (
        <p className="quiet" role="status">
          Waiting for the wallet, then for the chain to include the transaction.
        </p>
      )}
      {claim.data !== undefined && (
        <p role="status" className="claim-done">
          <CellMark look="accepted" />{' '}
          <span>
            <Money wei={claim.data.amount} /> is in the wallet, which now holds <Money wei={claim.data.holds} />, read
            back from the chain. Transaction <Digest hex={claim.data.tx} what="the transaction" />,{' '}
            {formatCount(Number(claim.data.gasUsed))} gas.
          </span>
        </p>
      )}
      {(claim.error ?? balance.error) && <ErrorBox compact error={claim.error ?? balance.error} />}
      <Equivalent
        cli="npx reckon claim"
        sdk="await claimReward({ wallet, chain, config, account })"
        http={`GET /api/accounts/${account.account}, then Settlement.claim on the chain`}
      />
    </section>
  );
}
