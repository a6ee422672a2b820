import type { RelayConfig } from '@reckon/protocol/wire/http';
import { type Chain, createPublicClient, defineChain, http, type PublicClient } from 'viem';

/** Blocks of the embedded chain come at once; on a slow chain this asks a little often. */
const POLL_MS = 500;

/** The relay's chain as viem knows chains. `rpcUrl` defaults to the relay's own bridge. */
export function relayChain(config: RelayConfig, relayUrl: string, rpcUrl = `${relayUrl}${config.rpcPath}`): Chain {
  return defineChain({
    id: config.chainId,
    name: config.token.test ? `Reckon test chain (${config.chainId})` : `Chain ${config.chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
    testnet: config.token.test,
  });
}

/** Reads the chain through the relay's bridge, or through another RPC when given. */
export function createChainReader(config: RelayConfig, relayUrl: string, rpcUrl?: string): PublicClient {
  const chain = relayChain(config, relayUrl, rpcUrl);
  return createPublicClient({ chain, transport: http(), pollingInterval: POLL_MS, cacheTime: 0 });
}
