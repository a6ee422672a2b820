import { homedir } from 'node:os';
import { join } from 'node:path';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Wei } from '@reckon/protocol/base/units';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { createWalletClient, http, type Hex, type PublicClient } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { tokenBalance } from '../chain/claim.ts';
import { relayChain } from '../chain/relay-chain.ts';
import { type Wallet, walletAddress } from '../chain/sign-order.ts';
import type { RelayClient } from '../relay-client.ts';
import { loadOrMakeKey, parseKey } from './key-file.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where this person's settings lie. */
export function configFolder(env: Env): string {
  if (process.platform === 'win32' && env['APPDATA']) return join(env['APPDATA'], 'reckon');
  return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'reckon');
}

/** A wallet for a key in memory, sending through the relay's bridge or another RPC. */
export function createKeyWallet(key: Hex, config: RelayConfig, relayUrl: string, rpcUrl?: string): Wallet {
  const chain = relayChain(config, relayUrl, rpcUrl);
  return createWalletClient({ account: privateKeyToAccount(key), chain, transport: http(), pollingInterval: 500 });
}

/**
 * The requester's wallet in a terminal: RECKON_PRIVATE_KEY, or on a chain with test money a demo key kept in the config
 * folder. @throws {ReckonError} WALLET_MISSING where money is real and no key is given; USAGE for a malformed one.
 */
export async function openWallet(relay: RelayClient, config: RelayConfig, env: Env): Promise<Wallet> {
  const given = env['RECKON_PRIVATE_KEY'];
  if (given) return createKeyWallet(parseKey(given, 'RECKON_PRIVATE_KEY'), config, relay.baseUrl);
  if (!config.token.test) {
    throw new ReckonError('WALLET_MISSING', { action: 'pay for a job: set RECKON_PRIVATE_KEY' });
  }
  return createKeyWallet(await loadOrMakeKey(join(configFolder(env), 'demo-wallet.key')), config, relay.baseUrl);
}

/** Asks the faucet for test money when the wallet has less than `needed`. Does nothing where there is no faucet. */
export async function topUp(
  relay: RelayClient,
  config: RelayConfig,
  chain: PublicClient,
  wallet: Wallet,
  needed: Wei,
): Promise<void> {
  if (!config.faucet) return;
  const address = walletAddress(wallet);
  const [tokens, gas] = await Promise.all([tokenBalance(chain, config, address), chain.getBalance({ address })]);
  if (tokens >= needed && gas > 0n) return;
  const tx = await relay.faucet(address);
  await chain.waitForTransactionReceipt({ hash: tx });
}
