import { createConnector } from 'wagmi';
import { type Address, type Chain, getAddress, SwitchChainError } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { demoKey } from './demo-key.ts';
import { createDemoProvider } from './demo-provider.ts';

export const DEMO_CONNECTOR_ID = 'reckon.demo';
const CONNECTED = 'demo.connected';

/**
 * The "Demo wallet": a key of this browser profile that holds test money. Offered only where the relay has a faucet.
 * @param fund Asks the faucet for test money; told the account on every connection by hand.
 */
export const demoConnector = (chain: Chain, fund: (account: Address) => Promise<void>) =>
  createConnector<ReturnType<typeof createDemoProvider>, Record<string, unknown>, { [CONNECTED]: boolean }>(
    (config) => {
      let provider: Promise<{ address: Address; provider: ReturnType<typeof createDemoProvider> }> | undefined;
      const load = () => {
        provider ??= demoKey().then((key) => {
          const account = privateKeyToAccount(key);
          return { address: getAddress(account.address), provider: createDemoProvider(account, chain) };
        });
        return provider;
      };
      return {
        id: DEMO_CONNECTOR_ID,
        name: 'Demo wallet',
        type: 'demo',
        async connect({ isReconnecting = false, withCapabilities = false } = {}) {
          const { address } = await load();
          if (!isReconnecting) await fund(address);
          await config.storage?.setItem(CONNECTED, true);
          // One signature for two shapes: wagmi chooses by the flag, which TypeScript cannot follow into the body.
          const accounts = withCapabilities ? [{ address, capabilities: {} }] : [address];
          return { accounts: accounts as never, chainId: chain.id };
        },
        async disconnect() {
          await config.storage?.removeItem(CONNECTED);
        },
        getAccounts: async () => [(await load()).address],
        getChainId: async () => chain.id,
        getProvider: async () => (await load()).provider,
        isAuthorized: async () => (await config.storage?.getItem(CONNECTED)) === true,
        async switchChain({ chainId }) {
          if (chainId !== chain.id) throw new SwitchChainError(new Error('The demo wallet knows one chain.'));
          return chain;
        },
        onAccountsChanged: () => undefined,
        onChainChanged: () => undefined,
        onDisconnect: () => config.emitter.emit('disconnect'),
      };
    },
  );
