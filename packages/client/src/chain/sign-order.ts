import { fromHex, type Hex, toHex } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Address, Hash, WalletSignature } from '@reckon/protocol/base/ids';
import {
  type StructMessage,
  type StructName,
  toWalletDomain,
  type TypedDomain,
  typedStructs,
} from '@reckon/protocol/base/typed-data';
import type { JobAction, JobOrder, SignedJobControl, SignedJobOrder } from '@reckon/protocol/model/job-order';
import type { JobId } from '@reckon/protocol/base/ids';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import type { Account, Chain, Transport, WalletClient } from 'viem';
import type { PreparedJob } from '../prepare-job.ts';
import { guarded } from './wallet-errors.ts';

/** Any viem wallet with its account: a browser's through wagmi, or a key in memory. */
export type Wallet = WalletClient<Transport, Chain | undefined, Account>;

export const walletAddress = (wallet: Wallet): Address => wallet.account.address.toLowerCase() as Address;

/** The domain of everything signed for this relay. */
export const relayDomain = (config: Pick<RelayConfig, 'chainId' | 'contracts'>): TypedDomain => ({
  chainId: config.chainId,
  verifyingContract: config.contracts.settlement,
});

/** @throws {ReckonError} WRONG_NETWORK when the wallet is on another chain. */
export async function requireNetwork(wallet: Wallet, config: RelayConfig): Promise<void> {
  const call = { action: 'tell its network', contract: 'wallet', account: walletAddress(wallet), url: config.rpcPath };
  const received = await guarded(call, () => wallet.getChainId());
  if (received !== config.chainId) throw new ReckonError('WRONG_NETWORK', { expected: config.chainId, received });
}

/** Lower case, and v as 27 or 28: some wallets still answer 0 or 1. */
function normalise(signature: Hex): WalletSignature {
  const bytes = fromHex(signature.toLowerCase());
  const v = bytes[64];
  if (bytes.length === 65 && (v === 0 || v === 1)) bytes[64] = v + 27;
  return toHex(bytes);
}

/** Asks the wallet for one EIP-712 signature. @throws {ReckonError} WALLET_REJECTED, WRONG_NETWORK. */
export async function signStruct<N extends StructName>(
  wallet: Wallet,
  config: RelayConfig,
  name: N,
  message: StructMessage<N>,
  action: string,
): Promise<WalletSignature> {
  await requireNetwork(wallet, config);
  const account = walletAddress(wallet);
  // Looked up by name, so viem cannot infer the message from literal types.
  const types: Record<string, unknown> = { [name]: typedStructs[name] };
  const data = {
    account: wallet.account,
    domain: toWalletDomain(relayDomain(config)),
    types,
    primaryType: name as string,
    message: message as Record<string, unknown>,
  };
  const call = { action, contract: 'wallet', account, url: config.rpcPath };
  return normalise(await guarded(call, () => wallet.signTypedData(data)));
}

export interface OrderOptions {
  /** Seconds since the epoch; the platform's clock by default. */
  now?: number;
  /** 32 random bytes; drawn by default. */
  salt?: Hash;
}

/** Asks the requester's wallet to sign the order of a prepared job. */
export async function signOrder(
  wallet: Wallet,
  config: RelayConfig,
  prepared: Pick<PreparedJob, 'specDigest' | 'budget' | 'expiresInMinutes'>,
  options: OrderOptions = {},
): Promise<SignedJobOrder> {
  const now = options.now ?? Math.floor(Date.now() / 1000);
  const order: JobOrder = {
    requester: walletAddress(wallet),
    specDigest: prepared.specDigest,
    budget: prepared.budget,
    expiresAt: now + prepared.expiresInMinutes * 60,
    salt: options.salt ?? toHex(crypto.getRandomValues(new Uint8Array(32))),
  };
  return { order, signature: await signStruct(wallet, config, 'JobOrder', order, 'sign the order') };
}

/** Asks the requester's wallet to sign a wish about a job. `nonce` must grow; the time in milliseconds does. */
export async function signControl(
  wallet: Wallet,
  config: RelayConfig,
  jobId: JobId,
  action: JobAction,
  nonce: number = Date.now(),
): Promise<SignedJobControl> {
  const signature = await signStruct(wallet, config, 'JobControl', { jobId, action, nonce }, `sign the ${action}`);
  return { jobId, action, nonce, signature };
}
