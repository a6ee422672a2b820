import { fromHex, toHex } from '../base/bytes.ts';
import type { Hash } from '../base/ids.ts';
import type { ShardEventOf } from '../journal/entry.ts';
import { drawSeed } from '../trust/beacon.ts';
import { type Difference, differ } from './difference.ts';

interface Drawn {
  readonly index: number;
  readonly seal: Hash;
  readonly beacon: Hash;
  readonly draw: Hash;
}

/** Keeps what was drawn since the last sealed epoch, until its secret is opened and each draw can be repeated. */
export interface DrawCheck {
  committed(index: number, event: ShardEventOf<'replica.committed'>): void;
  /** The first draw of the epoch that does not follow from the seal, the secret and the beacon. */
  sealed(event: ShardEventOf<'epoch.sealed'>): Difference | undefined;
  /** Draws repeated so far, and draws whose secret is not open yet. */
  readonly repeated: number;
  readonly open: number;
}

export function createDrawCheck(): DrawCheck {
  let drawn: Drawn[] = [];
  let repeated = 0;
  return {
    get repeated() {
      return repeated;
    },
    get open() {
      return drawn.length;
    },
    committed(index, { seal, beacon, draw }) {
      drawn.push({ index, seal, beacon, draw });
    },
    sealed({ secret, epoch }) {
      const key = fromHex(secret);
      const since = drawn;
      drawn = [];
      for (const { index, seal, beacon, draw } of since) {
        const expected = toHex(drawSeed(fromHex(seal), key, fromHex(beacon)));
        if (expected !== draw) return differ({ index, what: 'the draw', expected, received: draw }, epoch);
        repeated += 1;
      }
      return undefined;
    },
  };
}
