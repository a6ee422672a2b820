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

/** When a posted epoch becomes final, in milliseconds, as the contract tells it; undefined for none. */
export function useFinalAt(wallet: Pick<WalletView, 'chain'>, epoch: number | undefined) {
  const config = useRelayConfig();
  return useQuery({
    queryKey: ['final-at', config.contracts.settlement, epoch],
    enabled: epoch !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => {
      const call = { action: 'read when an epoch is final', contract: 'Settlement', account: '', url: config.rpcPath };
      return guarded(call, async () => {
        const seconds = await wallet.chain.readContract({
          address: config.contracts.settlement,
          abi: settlementAbi,
          functionName: 'finalAt',
          args: [BigInt(epoch ?? 0)],
        });
        return Number(seconds) * 1000;
      });
    },
  });
}
