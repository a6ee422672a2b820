import { Worker } from 'node:worker_threads';
import { fromWire, ReckonError, type WireError } from '@reckon/protocol/base/errors';
import type { Clock } from '@reckon/protocol/base/ports';

/** Judges requesters' programs before their jobs are entered. */
export interface Admission {
  /**
   * @throws {ReckonError} what the kernel refuses the shared blobs with; RATE_LIMITED while too many programs wait;
   * KERNEL_TIMEOUT, KERNEL_THREW when judging one takes or breaks too much.
   */
  admit(kernel: string, shared: ReadonlyMap<string, Uint8Array>): Promise<void>;
  close(): void;
}

export interface AdmissionRequest {
  id: number;
  kernel: string;
  shared: ReadonlyMap<string, Uint8Array>;
}
export interface AdmissionAnswer {
  id: number;
  error?: WireError;
}

/** The largest program takes some tenths of a second. */
const MOST_MS = 10_000;
const MOST_WAITING = 16;
const HEAP_MB = 512;

interface Waiting {
  kernel: string;
  settle(error?: ReckonError): void;
}

/**
 * Judges in a thread of its own: reading a stranger's program takes a time that its maker chooses within bounds, and the
 * relay's own thread serves everybody. The thread begins with the first program.
 */
export function createAdmission(clock: Clock): Admission {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let count = 0;

  /** Ends the thread, in whatever state it is; who waits is told why. */
  function end(reason: (kernel: string) => ReckonError): void {
    const ended = worker;
    worker = undefined;
    void ended?.terminate();
    for (const { kernel, settle } of [...waiting.values()]) settle(reason(kernel));
  }

  function start(): Worker {
    // Programs are read there, and nothing of ours is any of their business.
    const fresh = new Worker(new URL('./admission-worker.ts', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    fresh.unref();
    fresh.on('message', ({ id, error }: AdmissionAnswer) => waiting.get(id)?.settle(error && fromWire(error)));
    fresh.on('error', (error) => {
      if (worker !== fresh) return;
      const cause = error instanceof Error ? error.message : String(error);
      end((kernel) => new ReckonError('KERNEL_THREW', { kernel, cause }));
    });
    return fresh;
  }

  return {
    async admit(kernel, shared) {
      if (waiting.size >= MOST_WAITING) throw new ReckonError('RATE_LIMITED', { retryAfterMs: 1000 });
      const id = count++;
      const over = new AbortController();
      worker ??= start();
      const judged = new Promise<void>((resolve, reject) => {
        waiting.set(id, { kernel, settle: (error) => (error === undefined ? resolve() : reject(error)) });
      });
      worker.postMessage({ id, kernel, shared } satisfies AdmissionRequest);
      const deadline = clock.sleep(MOST_MS, over.signal).then(() => {
        end((of) => new ReckonError('KERNEL_TIMEOUT', { kernel: of, limitMs: MOST_MS }));
      });
      deadline.catch(() => undefined); // aborted below
      try {
        await judged;
      } finally {
        waiting.delete(id);
        over.abort();
      }
    },
    close: () => end((kernel) => new ReckonError('KERNEL_THREW', { kernel, cause: 'the relay is closing' })),
  };
}
