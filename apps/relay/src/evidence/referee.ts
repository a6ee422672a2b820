import { toHex } from '@reckon/protocol/base/bytes';
import { toReckonError } from '@reckon/protocol/base/errors';
import type { Hash, WorkUnitId } from '@reckon/protocol/base/ids';
import type { Log } from '@reckon/protocol/base/ports';
import type { ShardEventOf } from '@reckon/protocol/journal/entry';
import { chunkDigest } from '@reckon/protocol/trust/chunk-tree';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Coordinator } from '../coordinator.ts';
import type { KernelCatalogue } from '../kernels.ts';
import { type ChunkedResult, digestAt } from './chunks.ts';
import { findUnit, readInput } from './find-unit.ts';
import type { StoredResults } from './stored-result.ts';

export interface RefereePorts {
  coordinator: Coordinator;
  blobs: BlobStore;
  kernels: KernelCatalogue;
  stored: StoredResults;
  log: Log;
}

/** The first chunk over which results differ; 0 when none does. */
function firstDifference(results: readonly ChunkedResult[]): number {
  const count = Math.min(...results.map(({ digests }) => digests.length));
  for (let index = 0; index < count; index++) {
    if (new Set(results.map((result) => digestAt(result, index))).size > 1) return index;
  }
  return 0;
}

/** Recomputes one chunk of each unit about which results or checkers differ, and enters what came out. */
export function createReferee({ coordinator, blobs, kernels, stored, log }: RefereePorts) {
  const { state } = coordinator;
  const busy = new Set<WorkUnitId>();

  async function judge(workUnitId: WorkUnitId): Promise<ShardEventOf<'unit.refereed'> | undefined> {
    const found = findUnit(state, kernels, workUnitId);
    const wanted = found?.unit.referee;
    const { chunks } = found?.rules ?? {};
    if (found === undefined || wanted === undefined || chunks === undefined) return undefined;
    const trees = new Map<Hash, ChunkedResult>();
    const revealed: ChunkedResult[] = [];
    // Also of whom was caught meanwhile: who checked it is still to be judged.
    for (const { nodeId, tag, status } of found.unit.replicas) {
      const chunked = await stored.chunksOf(found, nodeId);
      if (tag === undefined || chunked === undefined) continue;
      trees.set(tag, chunked);
      if (status === 'revealed') revealed.push(chunked);
    }
    if (trees.size === 0) return undefined;
    const index = wanted >= 0 ? wanted : firstDifference(revealed);
    const digest = toHex(chunkDigest(chunks.compute(await readInput(blobs, found), index)));
    const results = [...trees].map(([tag, chunked]) => ({ tag, digest: digestAt(chunked, index) }));
    return { type: 'unit.refereed', at: coordinator.stamp(), workUnitId, index, digest, results };
  }

  /** Until the unit asks no more: results may come in while a chunk is computed, and three may differ in two places. */
  async function settle(workUnitId: WorkUnitId): Promise<void> {
    for (;;) {
      const event = await judge(workUnitId);
      if (event === undefined) return;
      const { ignored } = await coordinator.submit(event);
      if (ignored !== undefined && ignored.reason !== 'results-missing') {
        log.error({ workUnitId, reason: ignored.reason }, 'referee.ignored');
        return;
      }
      log.info({ workUnitId, index: event.index }, 'unit.refereed');
    }
  }

  async function run(workUnitId: WorkUnitId): Promise<void> {
    if (busy.has(workUnitId)) return;
    busy.add(workUnitId);
    try {
      await settle(workUnitId);
    } catch (error) {
      // A blob may be lost: it is tried again, and said each time.
      log.error({ workUnitId, error: toReckonError(error).message }, 'referee.failed');
    } finally {
      busy.delete(workUnitId);
    }
  }

  return {
    /** Does what is asked and not being done. Never throws. */
    async poke(): Promise<void> {
      await Promise.all([...state.asking].map(run));
    },
  };
}
