import type { RelayConfig } from '@reckon/protocol/wire/http';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Address } from '@reckon/protocol/base/ids';
import type { ReactNode } from 'react';
import { WagmiContext } from 'wagmi';
import { useConfig } from '../../api/queries.ts';
import { relay } from '../../api/relay.ts';
import { walletConfig } from '../../chain/wallet-config.ts';
import { report } from '../../ui/toast.tsx';
import { Loaded } from '../../ui/states.tsx';
import { RelayConfigContext } from './relay-config.ts';

/** Asks for test money. On connecting, having had it already is no news; somebody who asks is told when there is more. */
export async function askFaucet(account: string, asked: boolean): Promise<void> {
  try {
    await relay.faucet(account.toLowerCase() as Address);
    report('Test money is on its way to the wallet.');
  } catch (error) {
    if (asked || !(error instanceof ReckonError && error.code === 'FAUCET_EXHAUSTED')) {
      report(`No test money came: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const fund = (account: string): Promise<void> => askFaucet(account, false);

/**
 * Wallets for the parts of the app below it. Everything of wagmi and viem comes with this module, lazily. It stands at
 * several places over one configuration; wagmi's own provider, which reconnects wherever it mounts, expects to be alone.
 */
export function WalletProvider(props: { children: ReactNode; quiet?: boolean }) {
  const query = useConfig();
  const draw = (config: RelayConfig) => (
    <RelayConfigContext.Provider value={config}>
      <WagmiContext value={walletConfig(config, location.origin, fund)}>{props.children}</WagmiContext>
    </RelayConfigContext.Provider>
  );
  if (props.quiet) return query.data === undefined ? null : draw(query.data);
  return (
    <Loaded query={query} what="the relay's settings">
      {draw}
    </Loaded>
  );
}
