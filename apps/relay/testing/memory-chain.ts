import { ReckonError } from '@reckon/protocol/base/errors';
import { keccakHex } from '@reckon/protocol/base/hash';
import { u32be } from '@reckon/protocol/base/bytes';
import type { JobId } from '@reckon/protocol/base/ids';
import type { Clock } from '@reckon/protocol/base/ports';
import { recoverAddress } from '@reckon/protocol/base/signature';
import type { Chain, EpochPost, PostedEpoch } from '../src/chain/chain.ts';

export interface MemoryChain extends Chain {
  /** Puts money into a job's escrow, in a block of its own. */
  fund(jobId: JobId, amount: bigint): void;
  /** Every epoch posted, in order, with what was posted. */
  readonly posts: EpochPost[];
  /** Makes every call fail while true. */
  down: boolean;
  /** Goes back to when `epochs` were posted, as a chain restored from an older dump does. */
  restore(epochs: number): void;
}

/** A chain in memory with the contracts' rules that matter here: epochs in order, escrow before charges. */
export function createMemoryChain(clock: Clock, windowMs = 1000): MemoryChain {
  const funds: { jobId: JobId; amount: bigint; block: number }[] = [];
  let posted: PostedEpoch[] = [];
  let block = 1;
  const posts: EpochPost[] = [];
  const totalOf = (jobId: JobId) =>
    funds.filter((fund) => fund.jobId === jobId).reduce((sum, fund) => sum + fund.amount, 0n);
  const answer = async <T>(run: () => T): Promise<T> => {
    if (chain.down) throw new ReckonError('CHAIN_UNREACHABLE', { url: 'memory', cause: 'it is down' });
    return run();
  };
  const chain: MemoryChain = {
    down: false,
    posts,
    fund: (jobId, amount) => void funds.push({ jobId, amount, block: ++block }),
    restore(epochs) {
      posted = posted.slice(0, epochs);
    },
    head: () => answer(() => ({ block, time: clock.now(), hash: keccakHex(u32be(block + 1_000_000)) })),
    fundedTotal: (jobId) => answer(() => totalOf(jobId)),
    fundedJobs: (from, to) => answer(() => funds.filter((fund) => fund.block >= from && fund.block <= to)),
    lastEpoch: () => answer(() => posted.length),
    findEpoch: (epoch) => answer(() => posted[epoch - 1]),
    postEpoch: (post) =>
      answer(() => {
        const reason = `epoch ${post.epoch} after ${posted.length}`;
        if (post.epoch !== posted.length + 1)
          throw new ReckonError('CHAIN_REVERTED', { contract: 'Settlement', reason });
        block++;
        posts.push(post);
        const tx = keccakHex(u32be(posts.length));
        const { claimsRoot } = post;
        const epoch: PostedEpoch = { tx, block, gasUsed: 60_000, claimsRoot, finalAt: clock.now() + windowMs };
        posted.push(epoch);
        return epoch;
      }),
    verifyHash: (account, digest, signature) => answer(() => recoverAddress(digest, signature) === account),
  };
  return chain;
}
