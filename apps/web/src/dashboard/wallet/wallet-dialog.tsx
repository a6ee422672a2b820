import { toWalletError } from '@reckon/client/chain/wallet-errors';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useConnect, useConnectors, useDisconnect, useSwitchChain } from 'wagmi';
import { DEMO_CONNECTOR_ID } from '../../chain/demo-connector.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Money, TestMoney } from '../../ui/money.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { useRelayConfig } from './relay-config.ts';
import { useTokenBalance, useWallet } from './use-wallet.ts';
import { rememberConnected } from './wallet-memory.ts';
import { askFaucet } from './wallet-provider.tsx';
import './wallet.css';

const coded = (error: unknown, action: string) =>
  toWalletError(error, { action, contract: 'wallet', account: '', url: location.origin });

/** Connect, switch the network, or see what is connected: one dialog for the wallet's states. */
export function WalletDialog(props: { open: boolean; onClose: () => void }) {
  const wallet = useWallet();
  const title = {
    hidden: 'Wallet',
    disconnected: 'Connect a wallet',
    'wrong-network': 'Wrong network',
    connected: 'Wallet',
  };
  return (
    <Dialog open={props.open} onClose={props.onClose} title={title[wallet.state]}>
      {wallet.state === 'disconnected' && <Connectors onConnected={props.onClose} />}
      {wallet.state === 'wrong-network' && <SwitchNetwork />}
      {wallet.state === 'connected' && <Connected onClose={props.onClose} />}
    </Dialog>
  );
}

function Connectors(props: { onConnected: () => void }) {
  const connectors = useConnectors();
  const connect = useConnect();
  const config = useRelayConfig();
  // Awaited, because a connected wallet takes this list off the screen, and callbacks of the mutation with it.
  const open = async (connector: (typeof connectors)[number]) => {
    const connected = await connect.mutateAsync({ connector }).catch(() => undefined); // shown below
    if (connected?.chainId === config.chainId) props.onConnected();
  };
  // The plain injected connector is shown only when no wallet announced itself (EIP-6963).
  const announced = connectors.filter((each) => each.id !== 'injected' && each.id !== DEMO_CONNECTOR_ID);
  const injected = 'ethereum' in window ? connectors.filter((each) => each.id === 'injected') : [];
  const demo = connectors.filter((each) => each.id === DEMO_CONNECTOR_ID);
  const shown = [...(announced.length > 0 ? announced : injected), ...demo];
  return (
    <div className="wallet-panel">
      <p className="quiet">
        {shown.length === demo.length
          ? 'No wallet was found in this browser.'
          : 'Your wallet is asked for each signature; this page never sees its key.'}
      </p>
      <ul className="wallet-list">
        {shown.map((connector) => (
          <li key={connector.uid}>
            <button type="button" disabled={connect.isPending} onClick={() => void open(connector)}>
              {connector.icon === undefined ? (
                <span className="wallet-icon" aria-hidden="true">
                  <Logo size={16} />
                </span>
              ) : (
                <img className="wallet-icon" src={connector.icon} alt="" />
              )}
              <span>{connector.id === 'injected' ? 'Browser wallet' : connector.name}</span>
              {connector.id === DEMO_CONNECTOR_ID && <TestMoney />}
            </button>
          </li>
        ))}
      </ul>
      {demo.length > 0 && (
        <p className="quiet small">
          The demo wallet is a key that this page makes and keeps in this browser, and that signs without asking. It is
          filled with test money, which is worth nothing.
        </p>
      )}
      {connect.error && <ErrorBox compact error={coded(connect.error, 'connect')} />}
    </div>
  );
}

function SwitchNetwork() {
  const config = useRelayConfig();
  const wallet = useWallet();
  const switchChain = useSwitchChain();
  return (
    <div className="wallet-panel">
      <p>
        The wallet is on chain {wallet.chainId}; this relay settles on chain {config.chainId}. Nothing can be signed
        until they agree.
      </p>
      <div className="actions">
        <Button
          look="primary"
          busy={switchChain.isPending}
          onClick={() => switchChain.mutate({ chainId: config.chainId })}
        >
          Switch the network
        </Button>
        <DisconnectButton />
      </div>
      {switchChain.error && <ErrorBox compact error={coded(switchChain.error, 'switch the network')} />}
    </div>
  );
}

function Connected(props: { onClose: () => void }) {
  const config = useRelayConfig();
  const wallet = useWallet();
  const balance = useTokenBalance(wallet);
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    await askFaucet(wallet.address ?? '', true);
    await queries.invalidateQueries({ queryKey: ['balance'] });
    setAsking(false);
  };
  return (
    <div className="wallet-panel">
      <dl className="facts">
        <dt>Wallet</dt>
        <dd>
          {wallet.walletName} {wallet.demo && <TestMoney />}
        </dd>
        <dt>Address</dt>
        <dd>{wallet.address !== undefined && <Digest hex={wallet.address} what="the address" />}</dd>
        <dt>Holds</dt>
        <dd>{balance.data === undefined ? 'reading the chain' : <Money wei={balance.data} mark={!wallet.demo} />}</dd>
      </dl>
      {balance.error && <ErrorBox compact error={balance.error} />}
      <div className="actions">
        {config.faucet && (
          <Button busy={asking} onClick={() => void ask()}>
            Get test money
          </Button>
        )}
        <DisconnectButton onDone={props.onClose} />
      </div>
    </div>
  );
}

function DisconnectButton(props: { onDone?: () => void }) {
  const disconnect = useDisconnect();
  const leave = () => {
    rememberConnected(false);
    disconnect.mutate({}, { onSuccess: () => props.onDone?.() });
  };
  return <Button onClick={leave}>Disconnect</Button>;
}
