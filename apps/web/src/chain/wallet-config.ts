import { relayChain } from '@reckon/client/chain/relay-chain';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { type Config, createConfig, createStorage } from 'wagmi';
import { injected } from 'wagmi/connectors/injected';
import { reconnect } from 'wagmi/actions';
import { type Address, http } from 'viem';
import { demoConnector } from './demo-connector.ts';

const configs = new Map<string, Config>();

/** wagmi's configuration for this relay's chain, made once: wallets by EIP-6963 or injected, and the demo wallet. */
export function walletConfig(relay: RelayConfig, origin: string, fund: (account: Address) => Promise<void>): Config {
  const key = `${relay.chainId} ${relay.rpcPath} ${relay.faucet}`;
  const known = configs.get(key);
  if (known !== undefined) return known;
  const chain = relayChain(relay, origin);
  const config = createConfig({
    chains: [chain],
    connectors: [injected(), ...(relay.faucet ? [demoConnector(chain, fund)] : [])],
    multiInjectedProviderDiscovery: true,
    storage: createStorage({ storage: localStorage, key: 'reckon.wagmi' }),
    transports: { [chain.id]: http() },
    pollingInterval: 1000,
  });
  configs.set(key, config);
  // The wallet of the last visit, if it still lets this page see it; a refusal leaves the page disconnected.
  void reconnect(config).catch(() => undefined);
  return config;
}
