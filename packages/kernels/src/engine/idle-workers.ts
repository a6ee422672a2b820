import type { WorkerKind } from './kernel-worker.ts';
import type { LiveWorker } from './live-worker.ts';

/** What a unit asks of a worker. */
export interface WorkerWish {
  kind: WorkerKind;
  /**
   * Of guests: digests of the requester's program. A guest's worker runs one program in its life, so that nothing of one
   * requester's is in the memory where another's runs. Undefined when the digests are not known: a worker for one unit.
   */
  program?: string | undefined;
  /** Digests of the unit's blobs. */
  blobs: ReadonlySet<string>;
}

/** Workers that wait for their next unit, the longest waiting first. */
export interface IdleWorkers {
  readonly count: number;
  /** One that may run it; rather one that holds the unit's blobs, rather the last used. Broken ones are ended. */
  take(wish: WorkerWish): LiveWorker | undefined;
  put(live: LiveWorker): void;
  /** Ends those who have waited longest, until `count` are left. */
  shrink(count: number): void;
}

export function createIdleWorkers(): IdleWorkers {
  let waiting: LiveWorker[] = [];
  return {
    get count() {
      return waiting.length;
    },
    take({ kind, program, blobs }) {
      for (const live of waiting) if (live.failure !== undefined) live.terminate();
      waiting = waiting.filter(({ failure }) => failure === undefined);
      const fit = waiting.filter(
        (live) => live.kind === kind && (kind === 'own' || (program !== undefined && live.program === program)),
      );
      const shared = ({ holds }: LiveWorker) => holds.intersection(blobs).size;
      const best = fit.reduce<LiveWorker | undefined>(
        (found, live) => (found !== undefined && shared(found) > shared(live) ? found : live),
        undefined,
      );
      waiting = waiting.filter((live) => live !== best);
      return best;
    },
    put(live) {
      waiting.push(live);
    },
    shrink(count) {
      for (const live of waiting.splice(0, Math.max(0, waiting.length - Math.max(0, count)))) live.terminate();
    },
  };
}
