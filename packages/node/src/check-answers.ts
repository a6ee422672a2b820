import { toHex } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import { unpackParts } from '@reckon/protocol/base/named-parts';
import type { ChunkAnswer } from '@reckon/protocol/model/check-answer';
import { chunkDigest } from '@reckon/protocol/trust/chunk-tree';
import type { Lease } from '@reckon/protocol/wire/messages';

/** Answers remembered, so that a check that is leased again after a lost connection is not computed again. */
const MAX_KEPT = 128;

/** A check's answers until the next stop. They are never written down: what is lost is asked of somebody else. */
export interface CheckAnswers {
  /** Digests of the chunks a pool computed for this lease. @throws {ReckonError} KERNEL_RESULT_INVALID */
  add(lease: Lease, packed: Uint8Array): ChunkAnswer[];
  /** What was answered to the same question before. */
  get(lease: Lease): ChunkAnswer[] | undefined;
  clear(): void;
}

export function createCheckAnswers(): CheckAnswers {
  const kept = new Map<WorkUnitId, ChunkAnswer[]>();
  return {
    add({ workUnitId, kernel, chunks = [] }, packed) {
      const parts = unpackParts(packed);
      const names = parts.map(({ name }) => name).join();
      if (names !== chunks.join()) {
        const cause = `chunks ${chunks.join()} were asked for, ${names} were computed`;
        throw new ReckonError('KERNEL_RESULT_INVALID', { kernel: kernel.name, cause });
      }
      const answers = parts.map(({ name, bytes }) => ({ index: Number(name), digest: toHex(chunkDigest(bytes)) }));
      kept.delete(workUnitId);
      kept.set(workUnitId, answers);
      if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as WorkUnitId);
      return answers;
    },
    get({ workUnitId, chunks = [] }) {
      const answers = kept.get(workUnitId);
      return answers?.map(({ index }) => index).join() === chunks.join() ? answers : undefined;
    },
    clear: () => kept.clear(),
  };
}
