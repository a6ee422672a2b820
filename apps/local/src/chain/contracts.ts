import { readFile } from 'node:fs/promises';
import { saveText } from '@reckon/client/files/save-text';
import { toChainError } from '@reckon/contracts/chain-errors';
import { type Deployment, deployContracts } from '@reckon/contracts/deploy';
import { ReckonError } from '@reckon/protocol/base/errors';
import { Address } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import * as v from 'valibot';
import { createPublicClient, createWalletClient, defineChain, type Hex, http, type PublicClient } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

const Contracts = v.object({ token: Address, escrow: Address, settlement: Address });
const Kept = v.object({ chainId: v.number(), contracts: Contracts, fromBlock: v.number() });
export type KeptDeployment = v.InferOutput<typeof Kept>;

/** Time after an order's expiry in which a last epoch may still charge it. */
const GRACE_SECONDS = 3600;

export interface ContractsOptions {
  rpcUrl: string;
  chainId: number;
  operatorKey: Hex;
  /** Addresses are kept here once the deployment is safe. */
  file: string;
  epochMs: number;
  /** Makes the deployment survive a crash before its addresses are kept. */
  save: () => Promise<void>;
}

/** Contracts of an earlier start, or new ones. @throws {ReckonError} CHAIN_STATE_LOST, BALANCE_TOO_SMALL, CHAIN_REVERTED. */
export async function ensureContracts(options: ContractsOptions): Promise<KeptDeployment> {
  const { rpcUrl, chainId, file } = options;
  const chain = chainOf(rpcUrl, chainId);
  const publicClient = createPublicClient({ chain, transport: http(), pollingInterval: 100, cacheTime: 0 });
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    const kept = parse(Kept, JSON.parse(text));
    if (kept.chainId !== chainId) throw new ReckonError('WRONG_NETWORK', { expected: kept.chainId, received: chainId });
    await requireCode(publicClient, kept.contracts, file);
    return kept;
  }
  const fromBlock = Number(await publicClient.getBlockNumber());
  const contracts = await deploy(options, publicClient, chain);
  await options.save();
  const kept = { chainId, contracts, fromBlock };
  await saveText(file, JSON.stringify(kept));
  return kept;
}

/** Addresses given by hand, which must hold contracts. @throws {ReckonError} MESSAGE_INVALID, CHAIN_STATE_LOST. */
export async function readContracts(file: string, rpcUrl: string, chainId: number): Promise<KeptDeployment> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ReckonError('NOT_FOUND', { what: file });
  });
  const contracts = parse(Contracts, JSON.parse(text));
  await requireCode(createPublicClient({ chain: chainOf(rpcUrl, chainId), transport: http() }), contracts, file);
  return { chainId, contracts, fromBlock: 0 };
}

const chainOf = (rpcUrl: string, id: number) =>
  defineChain({
    id,
    name: `Chain ${id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });

async function requireCode(client: PublicClient, contracts: Deployment, path: string): Promise<void> {
  for (const [name, address] of Object.entries(contracts)) {
    const code = await client.getCode({ address: address as Hex });
    if (code === undefined || code === '0x') {
      throw new ReckonError('CHAIN_STATE_LOST', { path, missing: `the ${name} contract at ${address}` });
    }
  }
}

async function deploy(
  { rpcUrl, operatorKey, epochMs }: ContractsOptions,
  publicClient: PublicClient,
  chain: ReturnType<typeof chainOf>,
): Promise<Deployment> {
  const account = privateKeyToAccount(operatorKey);
  const balance = await publicClient.getBalance({ address: account.address });
  if (balance === 0n) {
    const details = { account: account.address, what: 'gas money (ETH)', expected: 'enough to deploy', received: '0' };
    throw new ReckonError('BALANCE_TOO_SMALL', details);
  }
  const walletClient = createWalletClient({ account, chain, transport: http(rpcUrl) });
  try {
    return await deployContracts({
      walletClient,
      publicClient,
      operator: account.address,
      // Long enough to contest a root by hand on a real chain, and out of the way of a first visit on the embedded one.
      challengeWindowSeconds: Math.max(1, Math.round(epochMs / 5_000)),
      graceSeconds: GRACE_SECONDS,
    });
  } catch (error) {
    throw toChainError(error, 'deployment');
  }
}
