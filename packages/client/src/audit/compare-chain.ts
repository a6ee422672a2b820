import { type Difference, differ } from '@reckon/protocol/audit/difference';
import { compareEpoch, type ReplayedEpoch } from '@reckon/protocol/audit/epochs';
import type { WalletClaim } from '@reckon/protocol/audit/signatures';
import type { Hash, JobId } from '@reckon/protocol/base/ids';
import type { Wei } from '@reckon/protocol/base/units';
import type { ShardConstants } from '@reckon/protocol/machine/state';
import type { SettlementReader } from './settlement-reader.ts';

/** What the journal says of the chain, to be compared with it. */
export interface ChainClaims {
  readonly constants: ShardConstants;
  readonly epochs: readonly ReplayedEpoch[];
  readonly beacons: readonly { index: number; block: number; hash: Hash }[];
  readonly fundings: readonly { index: number; jobId: JobId; total: Wei }[];
  /** Signatures that no key made: of contract wallets, or of nobody. */
  readonly wallets: readonly WalletClaim[];
}

/** What was compared with the chain. */
export interface ChainReport {
  /** Where the chain was read. */
  readonly url: string;
  readonly chainId: number;
  /** Epochs that stand on chain as the journal leads to them. */
  readonly compared: number;
  /** Sealed in the journal and not on chain yet. */
  readonly notPosted: readonly number[];
  /** How many are on chain and not in the published journal yet: it is published a little later. */
  readonly notPublished: number;
  readonly beacons: number;
  readonly fundings: number;
  readonly wallets: number;
  readonly difference?: Difference;
}

const ZERO: Hash = `0x${'00'.repeat(32)}`;

/** Compares what the journal says of the chain with the chain, in the journal's order, up to the first difference. */
export async function compareChain(
  reader: SettlementReader,
  claims: ChainClaims,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<ChainReport> {
  const { constants, epochs } = claims;
  const { settlement, escrow } = constants;
  const chainId = await reader.chainId();
  const found: Difference[] = [];
  const note = (difference: Difference | undefined) => void (difference !== undefined && found.push(difference));
  if (chainId !== constants.chainId) {
    const [expected, received] = [String(chainId), String(constants.chainId)];
    note(differ({ index: 0, what: 'the chain’s id', expected, received }));
  }
  const { lastEpoch, totalCumulative } = await reader.newest(settlement);
  const posted = epochs.filter(({ epoch }) => epoch <= lastEpoch);
  const total = posted.length + claims.beacons.length + claims.fundings.length + claims.wallets.length;
  let done = 0;
  const each = async <T>(list: readonly T[], compare: (one: T) => Promise<Difference | undefined>) => {
    // A chain that is read in batches answers many at once; so many are asked together.
    for (let from = 0; from < list.length; from += 40) {
      for (const difference of await Promise.all(list.slice(from, from + 40).map(compare))) note(difference);
      onProgress((done += Math.min(40, list.length - from)), total);
    }
  };
  await each(posted, async (epoch) => {
    const onChain = await reader.epoch(settlement, epoch.epoch, epoch.posted?.block);
    const said = epoch.posted;
    if (said !== undefined && onChain.claimsRoot !== ZERO && onChain.tx !== said.tx) {
      const received = onChain.tx ?? 'no such transaction in that block';
      const what = `the transaction that posted epoch ${epoch.epoch}`;
      return (
        compareEpoch(epoch, onChain) ?? differ({ index: said.index, what, expected: said.tx, received }, epoch.epoch)
      );
    }
    return compareEpoch(epoch, onChain);
  });
  const last = posted.find(({ epoch }) => epoch === lastEpoch);
  if (last !== undefined) note(compareEpoch(last, { ...last, totalCumulative }));
  await each(claims.beacons, async ({ index, block, hash }) => {
    const expected = await reader.blockHash(block);
    return expected === hash
      ? undefined
      : differ({ index, what: `the hash of block ${block}`, expected, received: hash });
  });
  await each(claims.fundings, async ({ index, jobId, total: said }) => {
    const held = await reader.funded(escrow, jobId);
    if (said <= held) return undefined;
    return differ({ index, what: `the escrow of job ${jobId}`, expected: `${held} wei`, received: `${said} wei` });
  });
  await each(claims.wallets, async ({ index, what, wallet, digest, signature }) => {
    if (await reader.isSignature(wallet, digest, signature)) return undefined;
    return differ({ index, what: `who signed the ${what}`, expected: wallet, received: 'somebody else' });
  });
  const first = found.sort((a, b) => a.index - b.index)[0];
  const newest = epochs.at(-1)?.epoch ?? 0;
  return {
    url: reader.url,
    chainId,
    compared: posted.length,
    notPosted: epochs.filter(({ epoch }) => epoch > lastEpoch).map(({ epoch }) => epoch),
    notPublished: Math.max(0, lastEpoch - newest),
    beacons: claims.beacons.length,
    fundings: claims.fundings.length,
    wallets: claims.wallets.length,
    ...(first === undefined ? {} : { difference: first }),
  };
}
