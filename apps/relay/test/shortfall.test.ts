import { jobEscrowAbi } from '@reckon/contracts/abi/job-escrow';
import { reckonTokenAbi } from '@reckon/contracts/abi/reckon-token';
import { settlementAbi } from '@reckon/contracts/abi/settlement';
import type { Address } from '@reckon/protocol/base/ids';
import { createKeySigner, recoverAddress } from '@reckon/protocol/base/signature';
import { hashTypedData } from '@reckon/protocol/base/typed-data';
import { AccountSummary } from '@reckon/protocol/wire/http';
import * as v from 'valibot';
import { createTestClient, createWalletClient, type Hex, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterEach, expect, test } from 'vitest';
import { createSettler } from '../src/chain/settler.ts';
import { createViemChain } from '../src/chain/viem-chain.ts';
import { getEpochPost } from '../src/read-model/queries/epoch-post.ts';
import { type Anvil, startAnvil } from '../testing/anvil.ts';
import { makeSpec, PRICE } from '../testing/requester.ts';
import { silentLog } from '../testing/silent-log.ts';
import { testKernels } from '../testing/test-kernel.ts';
import { createTestClock, createWorld, domain, keyOf, type World } from '../testing/world.ts';

const echo = testKernels.refs[0] as (typeof testKernels.refs)[number];
const one = { quorum: 1, maxReplicas: 3, kind: 'quorum' as const };
const payout = createKeySigner(keyOf(55));
const account = payout.nodeId as string as Address;

const cleaners: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean();
});

/** The calls that people other than the relay make: the operator's wallet is at hand for all of them. */
function createHands({ publicClient, rpcUrl, contracts, operatorKey }: Anvil) {
  const shared = { chain: publicClient.chain, transport: http(rpcUrl) };
  const wallet = createWalletClient({ ...shared, account: privateKeyToAccount(operatorKey) });
  const clock = createTestClient({ ...shared, mode: 'anvil' });
  const settlement = { address: contracts.settlement, abi: settlementAbi } as const;
  const token = { address: contracts.token, abi: reckonTokenAbi } as const;
  const mined = async (hash: Hex) =>
    expect((await publicClient.waitForTransactionReceipt({ hash })).status).toBe('success');
  return {
    time: async () => Number((await publicClient.getBlock()).timestamp) * 1000,
    async advance(seconds: number) {
      await clock.increaseTime({ seconds });
      await clock.mine({ blocks: 1 });
    },
    async refund(jobId: Hex) {
      const escrow = { address: contracts.escrow, abi: jobEscrowAbi } as const;
      await mined(await wallet.writeContract({ ...escrow, functionName: 'refund', args: [jobId] }));
    },
    async cover(amount: bigint) {
      const mint = [wallet.account.address, amount] as const;
      await mined(await wallet.writeContract({ ...token, functionName: 'mint', args: mint }));
      const approve = [contracts.settlement, amount] as const;
      await mined(await wallet.writeContract({ ...token, functionName: 'approve', args: approve }));
      await mined(await wallet.writeContract({ ...settlement, functionName: 'cover', args: [amount] }));
    },
    async claim(epoch: number, cumulative: bigint, path: readonly Hex[]) {
      const args = [BigInt(epoch), account, cumulative, path] as const;
      await mined(await wallet.writeContract({ ...settlement, functionName: 'claim', args }));
    },
    balanceOf: (owner: Hex) => publicClient.readContract({ ...token, functionName: 'balanceOf', args: [owner] }),
  };
}

/** One unit of a job that is funded on the real chain too, computed and sealed into the next epoch, but not posted. */
async function earn(world: World, anvil: Anvil, key: number): Promise<Hex> {
  world.chain.down = false;
  const node = await world.join(key, 1);
  const expiry = Math.floor(world.clock.now() / 1000) + 3600 * 24;
  const delegation = { nodeKey: node.signer.nodeId, payoutAddress: account, scopes: 'rewards' as const, expiry };
  const signature = payout.sign(hashTypedData(domain, 'Delegation', delegation));
  node.send({ type: 'delegate', delegation: { ...delegation, signature } });
  await node.next('delegated');
  const { order, jobId } = await world.post(makeSpec(echo, 1, { policy: one }));
  world.chain.down = true;
  await anvil.fund(order);
  node.finish(await node.next('lease'), `by ${key}`);
  await node.next('verdict');
  world.coordinator.sealIfDue();
  await world.settled();
  node.send({ type: 'bye', reason: 'done' });
  await node.closed;
  return jobId;
}

test('an epoch whose job was refunded before it was posted waits until the difference is covered, then pays', {
  timeout: 60_000,
}, async () => {
  const anvil = await startAnvil();
  cleaners.push(anvil.stop);
  const hands = createHands(anvil);
  const clock = createTestClock();
  clock.time = await hands.time();
  const world = await createWorld({ clock });
  const { rpcUrl, chainId, contracts, operatorKey } = anvil;
  const logged: (readonly [string, Readonly<Record<string, unknown>>])[] = [];
  const settler = createSettler({
    coordinator: world.coordinator,
    chain: createViemChain({ rpcUrl, chainId, contracts, operatorKey, fromBlock: 0 }, recoverAddress),
    clock,
    log: {
      ...silentLog,
      warn: (fields, event) => void logged.push([event, fields]),
      error: (fields, event) => void logged.push([event, fields]),
    },
    recall: (epoch) => getEpochPost(world.db, epoch),
    noteGas: () => Promise.resolve(),
  });
  const statuses = () => world.coordinator.state.epochs.map(({ number, status }) => [number, status]);

  const refunded = await earn(world, anvil, 1);
  await hands.advance(3600 + 3600 + 60);
  await hands.refund(refunded);
  clock.time = await hands.time();
  await earn(world, anvil, 2);

  await settler.poke();
  const missing = `${PRICE}`;
  const blocked = ['settler.blocked', expect.objectContaining({ code: 'SETTLEMENT_SHORTFALL', epoch: 1, missing })];
  expect(logged).toEqual([blocked]);
  expect(logged[0]?.[1]['error']).toContain(`Epoch 1 promises ${missing} wei more`);
  await settler.poke();
  expect(logged).toHaveLength(1); // it waits before it tries again
  await hands.cover(PRICE - 1n);
  clock.time += 60_000;
  await settler.poke();
  expect(logged.at(-1)?.[1]).toMatchObject({ code: 'SETTLEMENT_SHORTFALL', missing: '1' });
  expect(statuses()).toEqual([
    [1, 'sealed'],
    [2, 'sealed'],
  ]);

  await hands.cover(1n);
  clock.time += 60_000;
  await settler.poke();
  expect(statuses().map(([number]) => number)).toEqual([1, 2]);
  expect(statuses().some(([, status]) => status === 'sealed')).toBe(false);
  expect(logged).toHaveLength(2);
  await hands.advance(60);
  await settler.poke();
  await world.settled();

  const response = await world.app.request(`/api/accounts/${account}`);
  const { claim } = v.parse(AccountSummary, await response.json());
  expect(claim).toMatchObject({ epoch: 2, cumulative: (2n * PRICE * 95n) / 100n });
  if (claim === null) return;
  await hands.claim(claim.epoch, claim.cumulative, claim.path);
  expect(await hands.balanceOf(account)).toBe(claim.cumulative);
  expect(world.failures).toEqual([]);
});
