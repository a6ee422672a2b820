import { createChainReader } from '@reckon/client/chain/relay-chain';
import { tokenBalance } from '@reckon/client/chain/claim';
import type { Wallet } from '@reckon/client/chain/sign-order';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Address } from '@reckon/protocol/base/ids';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { PublicClient } from 'viem';
import { useConfig as useWagmiConfig, useConnection } from 'wagmi';
import { getWalletClient } from 'wagmi/actions';
import { DEMO_CONNECTOR_ID } from '../../chain/demo-connector.ts';
import { useRelayConfig } from './relay-config.ts';
import { rememberConnected } from './wallet-memory.ts';

/** The four states and no more. `hidden`: not known yet, so nothing is shown. */
export type WalletState = 'hidden' | 'disconnected' | 'wrong-network' | 'connected';

export interface WalletView {
  state: WalletState;
  address: Address | undefined;
  walletName: string | undefined;
  /** The demo wallet, which holds test money only. */
  demo: boolean;
  chainId: number | undefined;
  /** Reads the relay's chain. */
  chain: PublicClient;
  /** The wallet to sign with. @throws {ReckonError} WALLET_MISSING */
  open(action: string): Promise<Wallet>;
}

export function useWallet(): WalletView {
  const relayConfig = useRelayConfig();
  const wagmi = useWagmiConfig();
  const { status, address, chainId, connector } = useConnection();
  const chain = useMemo(() => createChainReader(relayConfig, location.origin), [relayConfig]);
  const connected = status === 'connected';
  useEffect(() => {
    if (status === 'connected') rememberConnected(true);
  }, [status]);
  const state: WalletState =
    status === 'reconnecting' || (status === 'connecting' && address !== undefined)
      ? 'hidden'
      : !connected
        ? 'disconnected'
        : chainId !== relayConfig.chainId
          ? 'wrong-network'
          : 'connected';
  return {
    state,
    address: connected ? (address.toLowerCase() as Address) : undefined,
    walletName: connector?.name,
    demo: connector?.id === DEMO_CONNECTOR_ID,
    chainId,
    chain,
    async open(action) {
      if (!connected) throw new ReckonError('WALLET_MISSING', { action });
      if (chainId !== relayConfig.chainId) {
        throw new ReckonError('WRONG_NETWORK', { expected: relayConfig.chainId, received: chainId ?? 0 });
      }
      return getWalletClient(wagmi);
    },
  };
}

/** What the wallet holds of the token, read from the chain. */
export function useTokenBalance(view: Pick<WalletView, 'chain' | 'address'>) {
  const config = useRelayConfig();
  return useQuery({
    queryKey: ['balance', config.contracts.token, view.address],
    queryFn: () => tokenBalance(view.chain, config, view.address as Address),
    enabled: view.address !== undefined,
    refetchInterval: 10_000,
  });
}
