import { fromHex, toHex } from '@reckon/protocol/base/bytes';
import type { Address } from '@reckon/protocol/base/ids';
import { createKeySigner, recoverAddress } from '@reckon/protocol/base/signature';
import { claimsRoot } from '@reckon/protocol/machine/claims';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../testing/anvil.ts';
import { makeSpec, orderJob, PRICE } from '../testing/requester.ts';
import { testKernels } from '../testing/test-kernel.ts';
import type { Chain, EpochPost } from '../src/chain/chain.ts';
import { createFaucet } from '../src/chain/faucet.ts';
import { createViemChain } from '../src/chain/viem-chain.ts';
import { systemClock } from '../src/system.ts';

let anvil: Anvil;
let chain: Chain;
beforeAll(async () => {
  anvil = await startAnvil();
  chain = createViemChain({ ...anvil, fromBlock: 0 }, recoverAddress);
});
afterAll(() => anvil?.stop());

const hash = (byte: string) => `0x${byte.repeat(32)}` as const;

test('escrow is read by event and by total, and an epoch takes from it and is found again', async () => {
  const spec = makeSpec(testKernels.refs[0] as never, 3);
  const domain = { chainId: anvil.chainId, verifyingContract: anvil.contracts.settlement };
  const { order, jobId } = orderJob(domain, fromHex(anvil.requesterKey), spec, Math.floor(Date.now() / 1000) + 3600);
  expect(await chain.fundedTotal(jobId)).toBe(0n);
  await anvil.fund(order);
  const { block } = await chain.head();
  expect((await chain.fundedJobs(0, block)).map((funding) => funding.jobId)).toEqual([jobId]);
  expect(await chain.fundedJobs(0, block - 1)).toEqual([]);
  expect(await chain.fundedTotal(jobId)).toBe(3n * PRICE);

  expect(await chain.lastEpoch()).toBe(0);
  expect(await chain.findEpoch(1)).toBeUndefined();
  const account = `0x${'77'.repeat(20)}` as Address;
  const claims = [{ account, cumulative: PRICE }];
  const post: EpochPost = {
    type: 'post-epoch',
    epoch: 1,
    claimsRoot: claimsRoot(claims),
    receiptsRoot: hash('01'),
    journalRoot: hash('02'),
    totalCumulative: PRICE,
    charges: [{ jobId, amount: PRICE, closing: true }],
  };
  const posted = await chain.postEpoch(post);
  expect(posted.gasUsed).toBeGreaterThan(21_000);
  expect(await chain.lastEpoch()).toBe(1);
  expect(await chain.findEpoch(1)).toEqual(posted);
  expect(await chain.fundedTotal(jobId)).toBe(0n);
  await expect(chain.postEpoch(post)).rejects.toMatchObject({
    code: 'CHAIN_REVERTED',
    details: { contract: 'Settlement', reason: expect.stringContaining('Settlement_EpochOutOfOrder') },
  });
});

test('a chain that is not there is named', async () => {
  const nowhere = createViemChain({ ...anvil, rpcUrl: 'http://127.0.0.1:9', fromBlock: 0 }, recoverAddress);
  await expect(nowhere.head()).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
});

test('wallets sign by key or by contract; a contract may also refuse', async () => {
  const signer = createKeySigner(new Uint8Array(32).fill(5));
  const digest = new Uint8Array(32).fill(6);
  const signature = signer.sign(digest);
  const own = signer.nodeId as string as Address;
  expect(await chain.verifyHash(own, digest, signature)).toBe(true);
  expect(await chain.verifyHash(own, new Uint8Array(32), signature)).toBe(false);
  const contract = (byte: string) => `0x${byte.repeat(20)}` as Address;
  const setCode = (address: Address, code: `0x${string}`) =>
    anvil.publicClient.request({ method: 'anvil_setCode' as never, params: [address, code] as never });
  // Returns the magic value of EIP-1271 whatever it is asked; returns zero; reverts.
  await setCode(contract('a1'), '0x631626ba7e60e01b5f5260205ff3');
  await setCode(contract('a2'), '0x60205ff3');
  await setCode(contract('a3'), '0x5f5ffd');
  expect(await chain.verifyHash(contract('a1'), digest, toHex(new Uint8Array(100)))).toBe(true);
  expect(await chain.verifyHash(contract('a2'), digest, signature)).toBe(false);
  expect(await chain.verifyHash(contract('a3'), digest, signature)).toBe(false);
});

test('the faucet gives tokens and gas once a minute', async () => {
  const { rpcUrl, chainId, contracts, operatorKey: key } = anvil;
  const faucet = createFaucet({ rpcUrl, chainId, token: contracts.token, key }, systemClock);
  const account = `0x${'99'.repeat(20)}` as Address;
  const { tx } = await faucet.give(account);
  expect((await anvil.publicClient.getTransactionReceipt({ hash: tx })).status).toBe('success');
  expect(await anvil.publicClient.getBalance({ address: account })).toBe(10n ** 18n);
  await expect(faucet.give(account)).rejects.toMatchObject({ code: 'FAUCET_EXHAUSTED' });
});
