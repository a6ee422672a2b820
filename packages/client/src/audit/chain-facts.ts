import type { Random } from '@reckon/protocol/base/ports';
import type { ShardEvent } from '@reckon/protocol/journal/entry';
import type { ChainClaims } from './compare-chain.ts';
import { createReservoir } from './reservoir.ts';

/** Blocks and fundings that are held against the chain, drawn by the auditor; all of them in a small journal. */
const DRAWN = 100;

/** Collects what the journal says of the chain while it is replayed. */
export function createChainFacts(random: Random) {
  const beacons = createReservoir<ChainClaims['beacons'][number]>(DRAWN, random);
  const fundings = createReservoir<ChainClaims['fundings'][number]>(DRAWN, random);
  return {
    observe(index: number, event: ShardEvent): void {
      if (event.type === 'beacon.seen') beacons.offer({ index, block: event.block, hash: event.hash });
      if (event.type === 'job.funded') fundings.offer({ index, jobId: event.jobId, total: event.total });
    },
    claims: () => ({ beacons: beacons.kept, fundings: fundings.kept }),
  };
}
