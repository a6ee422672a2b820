import { claimReward } from '@reckon/client/chain/claim';
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
import type { WalletView } from '../wallet/use-wallet.ts';
import { useClaimed } from './use-claimed.ts';

/** One button collects everything final and not yet paid; the wallet's balance is read back from the chain after. */
export function ClaimPanel(props: { account: AccountSummary; wallet: WalletView }) {
  const { account, wallet } = props;
  const config = useRelayConfig();
  const queries = useQueryClient();
  const claimed = useClaimed(wallet).data;
  const claim = useMutation({
    mutationFn: async () => {
      const signer = await wallet.open('claim the reward');
      return claimReward({ wallet: signer, chain: wallet.chain, config, account });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['balance'] });
      await queries.invalidateQueries({ queryKey: keys.account(account.account) });
    },
  });
  const due = account.claim === null || claimed === undefined ? 0n : account.claim.cumulative - claimed;
  const claimable = due > 0n ? due : 0n;
  return (
    <section className="sheet claim" aria-labelledby="claim-title">
      <div className="claim-row">
        <div>
          <h2 id="claim-title">Ready to claim</h2>
          <p className="cost-total">
            <Money wei={claimable} mark />
          </p>
          <p className="quiet small">
            {account.claim === null
              ? 'Nothing is final yet. An epoch becomes claimable when its challenge window has passed.'
              : `Everything up to epoch ${account.claim.epoch}, in one transaction.`}
          </p>
        </div>
        <Button
          look="primary"
          size="large"
          busy={claim.isPending}
          disabled={claimable === 0n}
          onClick={() => claim.mutate()}
        >
          Claim
        </Button>
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
            <Money wei={claim.data.amount} mark /> is in the wallet: transaction{' '}
            <Digest hex={claim.data.tx} what="the transaction" />, {formatCount(Number(claim.data.gasUsed))} gas.
          </span>
        </p>
      )}
      {claim.error && <ErrorBox compact error={claim.error} />}
      <Equivalent
        cli="npx reckon claim"
        sdk="await claimReward({ wallet, chain, config, account })"
        http={`GET /api/accounts/${account.account}, then Settlement.claim on the chain`}
      />
    </section>
  );
}
