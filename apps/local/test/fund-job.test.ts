import { reckonTokenAbi } from '@reckon/contracts/abi/reckon-token';
import { jobEscrowAbi } from '@reckon/contracts/abi/job-escrow';
import { tokenBalance } from '@reckon/client/chain/claim';
import { fundJob } from '@reckon/client/chain/fund-job';
import { createChainReader } from '@reckon/client/chain/relay-chain';
import { signOrder, type Wallet, walletAddress } from '@reckon/client/chain/sign-order';
import { createKeyWallet } from '@reckon/client/files/wallet';
import { fromHex } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import { addressOfKey } from '@reckon/protocol/base/signature';
import { jobIdOf, type SignedJobOrder } from '@reckon/protocol/model/job-order';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { createWalletClient, type Hex, http, type PublicClient, toHex } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureContracts } from '../src/chain/contracts.ts';
import { type Chain, startEmbeddedChain } from '../src/chain/embedded-chain.ts';
import { callRpc } from '../src/chain/rpc.ts';
import { dataPaths } from '../src/data-folder.ts';
import { tempFolder } from '../testing/temp-folder.ts';

const operatorKey: Hex = `0x${'11'.repeat(32)}`;
const budget = 10n ** 18n;

let folder: Awaited<ReturnType<typeof tempFolder>>;
let anvil: Chain;
let chain: PublicClient;
let config: RelayConfig;
let operator: Wallet;
beforeAll(async () => {
  folder = await tempFolder();
  const paths = dataPaths(folder.path);
  anvil = await startEmbeddedChain(paths, () => undefined);
  await callRpc(anvil.rpcUrl, 'anvil_setBalance', [addressOfKey(fromHex(operatorKey)), toHex(10n ** 20n)]);
  const options = { ...anvil, operatorKey, file: paths.deployment, epochMs: 1000, save: () => anvil.save() };
  const { contracts } = await ensureContracts(options);
  const token = { symbol: 'tRKN', decimals: 18, test: true };
  config = { chainId: anvil.chainId, contracts, rpcPath: '', token } as RelayConfig;
  chain = createChainReader(config, anvil.rpcUrl);
  operator = createKeyWallet(operatorKey, config, anvil.rpcUrl);
});
afterAll(async () => {
  await anvil.stop();
  await folder.remove();
});

/** A new wallet with so many tokens and some gas money. */
async function walletWith(tokens: bigint): Promise<Wallet> {
  const wallet = createKeyWallet(generatePrivateKey(), config, anvil.rpcUrl);
  const to = walletAddress(wallet);
  await callRpc(anvil.rpcUrl, 'anvil_setBalance', [to, toHex(10n ** 18n)]);
  const args = [to, tokens] as const;
  const token = { address: config.contracts.token, abi: reckonTokenAbi } as const;
  const hash = await operator.writeContract({
    ...token,
    account: operator.account,
    chain: operator.chain,
    functionName: 'mint',
    args,
  });
  await chain.waitForTransactionReceipt({ hash });
  return wallet;
}
const sign = (wallet: Wallet): Promise<SignedJobOrder> =>
  signOrder(wallet, config, { specDigest: hashBlob(new Uint8Array(1)), budget, expiresInMinutes: 10 });
const escrowed = async ({ order }: SignedJobOrder) =>
  chain.readContract({
    address: config.contracts.escrow,
    abi: jobEscrowAbi,
    functionName: 'escrowOf',
    args: [jobIdOf(order)],
  });
const transactions = (wallet: Wallet) => chain.getTransactionCount({ address: wallet.account.address });

test('an order is funded by a permit and one transaction; funding again pays nothing', async () => {
  const wallet = await walletWith(budget);
  const signed = await sign(wallet);
  const funding = await fundJob({ wallet, chain, config, order: signed.order });
  expect(funding.gasUsed).toBeGreaterThan(0n);
  expect(await escrowed(signed)).toMatchObject({ funded: budget, closed: false });
  expect(await transactions(wallet)).toBe(1);
  expect(await fundJob({ wallet, chain, config, order: signed.order })).toEqual({ tx: null, gasUsed: 0n });
  expect(await transactions(wallet)).toBe(1);
});

test('what somebody has paid in already is not paid again', async () => {
  const [wallet, friend] = [await walletWith(budget), await walletWith(budget)];
  const signed = await sign(wallet);
  const sender = { account: friend.account, chain: friend.chain };
  const { token, escrow } = config.contracts;
  const quarter = budget / 4n;
  const order = { ...signed.order, expiresAt: BigInt(signed.order.expiresAt) };
  const approve = {
    ...sender,
    address: token,
    abi: reckonTokenAbi,
    functionName: 'approve',
    args: [escrow, quarter],
  } as const;
  await chain.waitForTransactionReceipt({ hash: await friend.writeContract(approve) });
  const fund = { ...sender, address: escrow, abi: jobEscrowAbi, functionName: 'fund', args: [order, quarter] } as const;
  await chain.waitForTransactionReceipt({ hash: await friend.writeContract(fund) });
  await fundJob({ wallet, chain, config, order: signed.order });
  expect((await escrowed(signed)).funded).toBe(budget);
  expect(await tokenBalance(chain, config, walletAddress(wallet))).toBe(quarter);
});

test('a contract’s wallet, which signs no permit, approves and funds', async () => {
  const wallet = await walletWith(budget);
  const signed = await sign(wallet);
  await callRpc(anvil.rpcUrl, 'anvil_setCode', [walletAddress(wallet), '0x00']);
  // Accounts with code may not send transactions of their own; this chain lets an impersonated one.
  await callRpc(anvil.rpcUrl, 'anvil_impersonateAccount', [walletAddress(wallet)]);
  const transport = http(anvil.rpcUrl);
  const contractWallet = createWalletClient({
    account: walletAddress(wallet),
    chain: wallet.chain,
    transport,
  }) as Wallet;
  await fundJob({ wallet: contractWallet, chain, config, order: signed.order });
  expect((await escrowed(signed)).funded).toBe(budget);
});

test('too few tokens are refused with what is there and what is needed, before anything is sent', async () => {
  const wallet = await walletWith(budget / 2n);
  const { order } = await sign(wallet);
  await expect(fundJob({ wallet, chain, config, order })).rejects.toMatchObject({
    code: 'BALANCE_TOO_SMALL',
    details: { expected: '1 tRKN', received: '0.5 tRKN' },
  });
  expect(await transactions(wallet)).toBe(0);
});

test('a wallet without gas money is told so', async () => {
  const wallet = await walletWith(budget);
  const { order } = await sign(wallet);
  await callRpc(anvil.rpcUrl, 'anvil_setBalance', [walletAddress(wallet), '0x0']);
  await expect(fundJob({ wallet, chain, config, order })).rejects.toMatchObject({
    code: 'BALANCE_TOO_SMALL',
    details: { what: 'gas money (ETH)' },
  });
});

test('an expired order is refused in the contract’s words', async () => {
  const wallet = await walletWith(budget);
  const { order } = await sign(wallet);
  const expired = { ...order, expiresAt: 1_000 };
  await expect(fundJob({ wallet, chain, config, order: expired })).rejects.toMatchObject({
    code: 'CHAIN_REVERTED',
    details: { contract: 'JobEscrow', reason: expect.stringContaining('expired') },
  });
});

test('a wallet on another network is refused before it signs', async () => {
  const wallet = await walletWith(0n);
  const elsewhere = { ...config, chainId: 1 };
  const signing = signOrder(wallet, elsewhere, {
    specDigest: hashBlob(new Uint8Array(1)),
    budget,
    expiresInMinutes: 10,
  });
  await expect(signing).rejects.toMatchObject({ code: 'WRONG_NETWORK', details: { expected: 1, received: 31_337 } });
});

test('a person’s refusal in the wallet is WALLET_REJECTED', async () => {
  const wallet = await walletWith(budget);
  const refusing = { ...wallet, signTypedData: () => Promise.reject({ code: 4001, message: 'no' }) } as Wallet;
  await expect(sign(refusing)).rejects.toMatchObject({
    code: 'WALLET_REJECTED',
    details: { action: 'sign the order' },
  });
});

test('a chain that does not answer is CHAIN_UNREACHABLE', async () => {
  const wallet = createKeyWallet(operatorKey, config, 'http://127.0.0.1:1');
  await expect(sign(wallet)).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
});
