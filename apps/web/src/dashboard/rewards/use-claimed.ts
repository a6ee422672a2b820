import { guarded } from '@reckon/client/chain/wallet-errors';
import { settlementAbi } from '@reckon/contracts/abi/settlement';
import type { Address } from '@reckon/protocol/base/ids';
import { useQuery } from '@tanstack/react-query';
import { useRelayConfig } from '../wallet/relay-config.ts';
import type { WalletView } from '../wallet/use-wallet.ts';

/** What the settlement contract has paid this account in all, read from the chain. */
export function useClaimed(wallet: Pick<WalletView, 'chain' | 'address'>) {
  const config = useRelayConfig();
  return useQuery({
    queryKey: ['balance', 'claimed', config.contracts.settlement, wallet.address],
    enabled: wallet.address !== undefined,
    queryFn: () => {
      const account = wallet.address as Address;
      const call = { action: 'read what was claimed', contract: 'Settlement', account, url: config.rpcPath };
      return guarded(call, () =>
        wallet.chain.readContract({
          address: config.contracts.settlement,
          abi: settlementAbi,
          functionName: 'claimed',
          args: [account],
        }),
      );
    },
  });
}
