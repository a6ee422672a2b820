import { toHex } from '@reckon/protocol/base/bytes';
import { type Address, Address as AddressSchema, type BlobDigest, type Hash } from '@reckon/protocol/base/ids';
import { buildMerkleTree, proveMembership } from '@reckon/protocol/base/merkle';
import { parse } from '@reckon/protocol/base/parse';
import { hashDomain } from '@reckon/protocol/base/typed-data';
import { hashClaimLeaf } from '@reckon/protocol/model/claim';
import { type JobOrder, jobIdOf } from '@reckon/protocol/model/job-order';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestChain, TEST_CHAIN_START, type TestChain } from '../testing/chain.ts';
import {
  CHALLENGE_WINDOW_SECONDS,
  createSettledSystem,
  type EpochPost,
  GRACE_SECONDS,
  type SettledSystem,
} from '../testing/settled-system.ts';
import { jobEscrowAbi } from './abi/job-escrow.ts';
import { settlementAbi } from './abi/settlement.ts';
import { toChainError } from './chain-errors.ts';

const ZERO: Hash = `0x${'00'.repeat(32)}`;
let chain: TestChain;
let system: SettledSystem;

beforeAll(async () => {
  chain = await createTestChain();
}, 60_000);
afterAll(() => chain.close());
beforeEach(async () => {
  system = await createSettledSystem(chain);
});

const lower = (address: string) => address.toLowerCase() as Address;

/** Wallet 1 orders, wallet 2 pays, wallet 3 computes. */
async function fundedJob(funded: bigint): Promise<JobOrder> {
  const order: JobOrder = {
    requester: lower(chain.wallet(1).account.address),
    specDigest: `0x${'5e'.repeat(32)}` as BlobDigest,
    budget: 1000n,
    expiresAt: Math.ceil((await chain.now()) / 1000) + 86_400,
    salt: `0x${'5a'.repeat(32)}`,
  };
  await system.give(chain.wallet(2).account.address, funded);
  await system.fundWithPermit(chain.wallet(2), order, funded);
  return order;
}

function epochFor(claims: readonly { account: Address; cumulative: bigint }[], post: Partial<EpochPost>) {
  const tree = buildMerkleTree(claims.map(hashClaimLeaf));
  const totalCumulative = claims.reduce((sum, claim) => sum + claim.cumulative, 0n);
  const roots = { claimsRoot: toHex(tree.root), receiptsRoot: ZERO, journalRoot: ZERO };
  return {
    post: { epoch: 1n, ...roots, totalCumulative, charges: [], ...post },
    pathOf: (index: number) => proveMembership(tree, index).map(toHex),
  };
}

const refusal = async (call: Promise<unknown>) =>
  toChainError(
    await call.then(
      () => undefined,
      (error: unknown) => error,
    ),
    'Settlement',
  );

test('deploys contracts that know each other, under lower-case addresses', async () => {
  const { token, escrow, settlement } = system.deployment;
  for (const address of [token, escrow, settlement]) expect(parse(AddressSchema, address)).toBe(address);
  const read = { abi: settlementAbi, address: settlement } as const;
  expect(lower(await chain.publicClient.readContract({ ...read, functionName: 'escrow' }))).toBe(escrow);
  expect(lower(await chain.publicClient.readContract({ ...read, functionName: 'TOKEN' }))).toBe(token);
  const separator = await chain.publicClient.readContract({ ...read, functionName: 'domainSeparator' });
  expect(separator).toBe(toHex(hashDomain({ chainId: 31337, verifyingContract: settlement })));
});

test('a job funded by permit, charged and closed pays the volunteer and returns the rest to the requester', async () => {
  const order = await fundedJob(800n);
  const jobId = jobIdOf(order);
  const { address, blockNumber } = {
    address: system.deployment.escrow,
    blockNumber: await chain.publicClient.getBlockNumber(),
  };
  const [log] = await chain.publicClient.getContractEvents({
    address,
    abi: jobEscrowAbi,
    eventName: 'JobFunded',
    fromBlock: blockNumber,
  });
  expect(log?.args).toMatchObject({ jobId, amount: 800n, expiresAt: BigInt(order.expiresAt) });
  expect(lower(log?.args.requester ?? '')).toBe(order.requester);

  const volunteer = lower(chain.wallet(3).account.address);
  const other = lower(chain.wallet(4).account.address);
  const claims = [
    { account: volunteer, cumulative: 250n },
    { account: other, cumulative: 50n },
  ];
  const { post, pathOf } = epochFor(claims, { charges: [{ jobId, amount: 300n, closing: true }] });
  await system.postEpoch(post);
  expect(await system.balanceOf(order.requester)).toBe(500n);
  expect(await system.escrowOf(jobId)).toMatchObject({ closed: true, released: 300n, remaining: 0n });

  const early = await refusal(system.claim(chain.wallet(5), 1n, volunteer, 250n, pathOf(0)));
  expect(early.code).toBe('CHAIN_REVERTED');
  expect(early.message).toMatch(/^Settlement refused the transaction: epoch 1 can be claimed from 20\d\d-/);

  await chain.advance(CHALLENGE_WINDOW_SECONDS);
  await system.claim(chain.wallet(5), 1n, volunteer, 250n, pathOf(0));
  expect(await system.balanceOf(volunteer)).toBe(250n);

  const again = await refusal(system.claim(chain.wallet(5), 1n, volunteer, 250n, pathOf(0)));
  expect(again.message).toContain('was already paid 250; nothing new to claim');
  const forged = await refusal(system.claim(chain.wallet(4), 1n, other, 51n, pathOf(1)));
  expect(forged.message).toContain('does not say that');
});

test('a later epoch pays only the difference', async () => {
  const jobId = jobIdOf(await fundedJob(1000n));
  const account = lower(chain.wallet(3).account.address);
  const first = epochFor([{ account, cumulative: 100n }], { charges: [{ jobId, amount: 100n, closing: false }] });
  await system.postEpoch(first.post);
  await chain.advance(CHALLENGE_WINDOW_SECONDS);
  await system.claim(chain.wallet(3), 1n, account, 100n, first.pathOf(0));
  const charges = [{ jobId, amount: 140n, closing: false }];
  const second = epochFor([{ account, cumulative: 240n }], { epoch: 2n, charges });
  await system.postEpoch(second.post);
  await chain.advance(CHALLENGE_WINDOW_SECONDS);
  const before = await system.balanceOf(account);
  await system.claim(chain.wallet(3), 2n, account, 240n, second.pathOf(0));
  expect((await system.balanceOf(account)) - before).toBe(140n);
});

test('refusals name contract and reason, also those of the escrow that come through the settlement', async () => {
  const order = await fundedJob(100n);
  const jobId = jobIdOf(order);
  const { post } = epochFor([], { charges: [{ jobId, amount: 101n, closing: false }] });
  const beyond = await refusal(system.postEpoch(post));
  expect(beyond.details).toEqual({
    contract: 'JobEscrow',
    reason: `job ${jobId} has 100 left in escrow, but 101 was charged`,
  });

  const stranger = await refusal(system.postEpoch(epochFor([], {}).post, chain.wallet(9)));
  expect(stranger.message).toContain('only the operator');

  await system.postEpoch(epochFor([], {}).post);
  const repeated = await refusal(system.postEpoch(epochFor([], {}).post));
  expect(repeated.details).toEqual({ contract: 'Settlement', reason: 'epoch 2 was expected, got 1' });

  const poor = await refusal(system.fundWithPermit(chain.wallet(8), { ...order, salt: ZERO }, 10n));
  expect(poor.details).toMatchObject({
    contract: 'ReckonToken',
    reason: expect.stringContaining('has 0 tokens, 10 are needed'),
  });
});

test('anybody refunds the requester after expiry and grace, and not before', async () => {
  const order = await fundedJob(700n);
  const jobId = jobIdOf(order);
  const before = await system.balanceOf(order.requester);
  const early = await refusal(system.refund(chain.wallet(7), jobId));
  expect(early.message).toContain('can be refunded from');
  await chain.advance(86_400 + GRACE_SECONDS);
  await system.refund(chain.wallet(7), jobId);
  expect((await system.balanceOf(order.requester)) - before).toBe(700n);
});

test('the test chain begins at a fixed time, so that runs repeat', async () => {
  const block = await chain.publicClient.getBlock({ blockNumber: 0n });
  expect(new Date(Number(block.timestamp) * 1000).toISOString()).toBe(TEST_CHAIN_START.replace('Z', '.000Z'));
});
