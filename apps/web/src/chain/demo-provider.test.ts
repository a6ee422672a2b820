import { toWalletDomain, typedStructs } from '@reckon/protocol/base/typed-data';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defineChain, type Hex, parseTransaction, recoverTransactionAddress, recoverTypedDataAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { createDemoProvider } from './demo-provider.ts';

const account = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const chain = defineChain({
  id: 31337,
  name: 'test',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: ['http://127.0.0.1:1/rpc'] } },
});
const to = `0x${'22'.repeat(20)}` as const;
const sent: { method: string; params: unknown[] }[] = [];

/** A chain that answers what a transaction needs and keeps what it was sent. */
const answers: Record<string, unknown> = {
  eth_chainId: '0x7a69',
  eth_getTransactionCount: '0x3',
  eth_estimateGas: '0x5208',
  eth_maxPriorityFeePerGas: '0x1',
  eth_gasPrice: '0x2',
  eth_getBlockByNumber: { number: '0x1', baseFeePerGas: '0x7', transactions: [], timestamp: '0x1' },
  eth_sendRawTransaction: `0x${'ab'.repeat(32)}`,
  eth_getBalance: '0x10',
};

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal('fetch', async (_url: string, init: { body: string }) => {
    const body = JSON.parse(init.body) as { id: number; method: string; params: unknown[] };
    sent.push(body);
    return Response.json({ jsonrpc: '2.0', id: body.id, result: answers[body.method] ?? null });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const ask = (method: string, params: unknown[] = []): Promise<unknown> =>
  createDemoProvider(account, chain).request({ method, params } as never); // outside the typed table on purpose

test('it tells its account and chain without asking the chain', async () => {
  expect(await ask('eth_requestAccounts')).toEqual([account.address]);
  expect(await ask('eth_chainId')).toBe('0x7a69');
  expect(sent).toEqual([]);
});

test('typed data is signed by its key, as wallets are asked with eth_signTypedData_v4', async () => {
  const domain = toWalletDomain({ chainId: 31337, verifyingContract: to as never });
  const types = { Delegation: typedStructs.Delegation };
  const message = { nodeKey: to, payoutAddress: account.address, scopes: 'rewards', expiry: 1_900_000_000 };
  const data = { domain, types: { ...types, EIP712Domain: [] }, primaryType: 'Delegation', message };
  const signature = (await ask('eth_signTypedData_v4', [account.address, JSON.stringify(data)])) as Hex;
  const signer = await recoverTypedDataAddress({
    domain,
    types,
    primaryType: 'Delegation',
    message: { ...message, expiry: 1_900_000_000n },
    signature,
  });
  expect(signer).toBe(account.address);
});

test('a transaction reaches the chain signed, never as an order to sign', async () => {
  const hash = await ask('eth_sendTransaction', [{ from: account.address, to, data: '0x1234', value: '0x5' }]);
  expect(hash).toBe(answers['eth_sendRawTransaction']);
  const raw = sent.find((call) => call.method === 'eth_sendRawTransaction')?.params[0] as `0x02${string}`;
  expect(await recoverTransactionAddress({ serializedTransaction: raw })).toBe(account.address);
  expect(parseTransaction(raw)).toMatchObject({ to, data: '0x1234', value: 5n, nonce: 3, chainId: 31337 });
  expect(sent.some((call) => call.method === 'eth_sendTransaction')).toBe(false);
});

test('it refuses another chain with the code wallets use', async () => {
  await expect(ask('wallet_switchEthereumChain', [{ chainId: '0x1' }])).rejects.toMatchObject({ code: 4902 });
  expect(await ask('wallet_switchEthereumChain', [{ chainId: '0x7a69' }])).toBeNull();
});

test('what only reads goes to the chain', async () => {
  expect(await ask('eth_getBalance', [account.address, 'latest'])).toBe('0x10');
});
