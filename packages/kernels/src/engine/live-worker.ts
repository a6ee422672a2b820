import { type Remote, wrap } from 'comlink';
import { toEndpoint } from './endpoint.ts';
import type { KernelWorker, WorkerFailure } from './kernel-worker.ts';
import { isNotice, type WorkerApi, type WorkerNotice } from './worker-api.ts';

/** A spawned worker with its comlink proxy. */
export interface LiveWorker {
  api: Remote<WorkerApi>;
  /** Rejects never; resolves when the worker breaks by itself. */
  broken: Promise<WorkerFailure>;
  /** The one receiver of notices, set for each run. */
  onNotice: (notice: WorkerNotice) => void;
  terminate(): void;
}

export function startWorker(worker: KernelWorker): LiveWorker {
  const broken = new Promise<WorkerFailure>((resolve) => worker.onError(resolve));
  const endpoint = toEndpoint({
    postMessage: worker.postMessage,
    onMessage: (receive) =>
      worker.onMessage((message) => {
        if (isNotice(message)) live.onNotice(message);
        else receive(message);
      }),
  });
  const live: LiveWorker = {
    api: wrap<WorkerApi>(endpoint),
    broken,
    onNotice: () => undefined,
    terminate: () => worker.terminate(),
  };
  return live;
}
