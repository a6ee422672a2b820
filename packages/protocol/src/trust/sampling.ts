import { concat, toUtf8, u32be } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import { steadyLog, steadyPower } from './steady-math.ts';

/** Commit, then sample: which chunks of a committed result are recomputed, and what that is worth. */

const CHUNKS_TAG = toUtf8('reckon:chunks:v1');

/** Uniform whole numbers from SHA-256(tag ‖ seed ‖ u32 counter), eight big-endian words a block. */
function createStream(seed: Uint8Array): (below: number) => number {
  let counter = 0;
  let block: DataView = new DataView(new ArrayBuffer(0));
  let offset = 0;
  const nextWord = (): number => {
    if (offset === block.byteLength) {
      block = new DataView(sha256(concat(CHUNKS_TAG, seed, u32be(counter++))).buffer);
      offset = 0;
    }
    offset += 4;
    return block.getUint32(offset - 4);
  };
  return (below) => {
    // Words past the last whole multiple would favour the low numbers; they are drawn again.
    const limit = 2 ** 32 - (2 ** 32 % below);
    let word = nextWord();
    while (word >= limit) word = nextWord();
    return word % below;
  };
}

/**
 * `m` distinct indices below `count` in the order they were drawn, all of them when m ≥ count; every choice is as likely
 * as any other. `seed` is 32 bytes, `count` at most 2³².
 */
export function drawChunks(seed: Uint8Array, count: number, m: number): number[] {
  const next = createStream(seed);
  // Fisher and Yates' shuffle of 0 … count − 1, cut after m places; only moved places are kept.
  const moved = new Map<number, number>();
  return Array.from({ length: Math.min(m, count) }, (_, i) => {
    const pick = i + next(count - i);
    const drawn = moved.get(pick) ?? pick;
    moved.set(pick, moved.get(i) ?? i);
    return drawn;
  });
}

/** Least m with (1 − t)^m ≤ δ: samples that miss a forgery of a share t of the chunks with at most the chance δ. */
export const samplesFor = (delta: number, share: number): number =>
  share > 0 ? Math.max(1, Math.ceil(steadyLog(delta) / steadyLog(1 - share))) : Number.POSITIVE_INFINITY;

export interface Sampled {
  /** t: share of the chunks that are forged. */
  share: number;
  /** m: chunks recomputed in all. */
  chunks: number;
  /** F: chance that a checker works together with the forger and finds nothing. */
  colluding: number;
  /** k ≥ 1: checkers among whom the chunks are divided. */
  checkers: number;
}

/**
 * Chance that a forgery passes: (F + (1−F)·(1−t)^{m/k})^k, because a checker that colludes misses all of its chunks.
 * With a checker for every chunk that is (1 − t·(1−F))^m; however many chunks, it is never below F^k.
 */
export function undetected({ share, chunks, colluding, checkers }: Sampled): number {
  // m/k may be no whole number: some checkers hold one chunk more.
  const small = Math.floor(chunks / checkers);
  const larger = chunks - small * checkers;
  const passes = (held: number) => colluding + (1 - colluding) * steadyPower(1 - share, held);
  return steadyPower(passes(small + 1), larger) * steadyPower(passes(small), checkers - larger);
}

/** Least chance of detection at which forging does not pay (g saved, S staked, B held back): g / (g + S + B). */
export const detectionToDeter = (saved: number, stake: number, held: number): number =>
  saved === 0 ? 0 : saved / (saved + stake + held);
