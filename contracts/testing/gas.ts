import { toHex } from '@reckon/protocol/base/bytes';
import type { Address, BlobDigest } from '@reckon/protocol/base/ids';
import { buildMerkleTree, type MerkleTree, proveMembership } from '@reckon/protocol/base/merkle';
import { hashClaimLeaf } from '@reckon/protocol/model/claim';
import { type JobOrder, jobIdOf } from '@reckon/protocol/model/job-order';
import type { TestChain } from './chain.ts';
import { CHALLENGE_WINDOW_SECONDS, createSettledSystem } from './settled-system.ts';
import { drawAddress, drawWord } from '../scripts/vector-words.ts';

export const GAS_FILE = new URL('../gas.json', import.meta.url);

/** Gas used by each whole transaction, calldata included. */
export type GasReport = Record<string, number>;

const VOLUNTEERS = 100;

const orderOf = (index: number): JobOrder => ({
  // Nobody had tokens before: the dearest refund.
  requester: drawAddress(`gas requester ${index}`) as Address,
  specDigest: toHex(drawWord('gas spec')) as BlobDigest,
  budget: 1000n,
  expiresAt: 2_000_000_000,
  salt: toHex(drawWord(`gas salt ${index}`)),
});

/** Plays four epochs on a fresh chain with fixed inputs, so that the figures are the same everywhere. */
export async function measureGas(chain: TestChain): Promise<GasReport> {
  const system = await createSettledSystem(chain);
  const sponsor = chain.wallet(1);
  await system.give(sponsor.account.address, 10n ** 9n);
  const gas: GasReport = {};
  const orders = Array.from({ length: 201 }, (_, index) => orderOf(index));
  const jobIds = orders.map(jobIdOf);
  const accounts = Array.from({ length: VOLUNTEERS }, (_, index) => drawAddress(`gas volunteer ${index}`) as Address);

  for (const [index, order] of orders.entries()) {
    const receipt = await system.fundWithPermit(sponsor, order, 1000n);
    if (index === 1) gas['fundWithPermit'] = Number(receipt.gasUsed);
  }

  let epoch = 0n;
  async function settle(each: bigint, from: number, to: number, amount: bigint, closing: boolean) {
    const tree = buildMerkleTree(accounts.map((account) => hashClaimLeaf({ account, cumulative: each })));
    const receipt = await system.postEpoch({
      epoch: ++epoch,
      claimsRoot: toHex(tree.root),
      receiptsRoot: toHex(drawWord(`gas receipts ${epoch}`)),
      journalRoot: toHex(drawWord(`gas journal ${epoch}`)),
      totalCumulative: each * BigInt(VOLUNTEERS),
      charges: jobIds.slice(from, to).map((jobId) => ({ jobId, amount, closing })),
    });
    await chain.advance(CHALLENGE_WINDOW_SECONDS);
    return { tree, gasUsed: Number(receipt.gasUsed) };
  }
  async function claim(tree: MerkleTree, account: number, cumulative: bigint): Promise<number> {
    const path = proveMembership(tree, account).map(toHex);
    const receipt = await system.claim(sponsor, epoch, accounts[account] as Address, cumulative, path);
    return Number(receipt.gasUsed);
  }

  // The first epoch and claim ever pay for storage that the later ones find in use.
  await claim((await settle(1n, 0, 1, 100n, false)).tree, 1, 1n);
  const second = await settle(2n, 0, 1, 100n, false);
  gas['postEpoch1Charge'] = second.gasUsed;
  gas['claimFirst'] = await claim(second.tree, 0, 2n);
  const third = await settle(50n, 1, 101, 100n, false);
  gas['postEpoch100Charges'] = third.gasUsed;
  gas['claimSecond'] = await claim(third.tree, 0, 50n);
  gas['postEpoch200ChargesClosing'] = (await settle(60n, 1, 201, 100n, true)).gasUsed;
  return gas;
}
