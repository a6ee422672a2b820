import { type Remote, wrap } from 'comlink';
import { toEndpoint } from './endpoint.ts';
import { readNotice } from './from-worker.ts';
import type { KernelWorker, WorkerFailure, WorkerKind } from './kernel-worker.ts';
import { isNotice, type WorkerApi, type WorkerNotice } from './worker-api.ts';

/** A spawned worker with its comlink proxy. */
export interface LiveWorker {
  kind: WorkerKind;
  /** Of guests: the program it runs, see `WorkerWish`. */
  program: string | undefined;
  /** Kept: comlink makes a new proxy, which is dear, each time that a member is named. */
  run: Remote<WorkerApi>['run'];
  /** Why the worker broke by itself, once it has. */
  failure: WorkerFailure | undefined;
  /** Digests of the blobs it was sent with its last unit, and keeps until the next. */
  holds: ReadonlySet<string>;
  /** Told when it breaks; set for each run, so that a long life gathers no listeners. */
  onBroken: (failure: WorkerFailure) => void;
  /** The one receiver of notices, set for each run. */
  onNotice: (notice: WorkerNotice) => void;
  terminate(): void;
}

export function startWorker(worker: KernelWorker, kind: WorkerKind, program?: string): LiveWorker {
  const endpoint = toEndpoint({
    postMessage: worker.postMessage,
    onMessage: (receive) =>
      worker.onMessage((message) => {
        if (!isNotice(message)) return receive(message);
        const notice = readNotice(message);
        if (notice !== undefined) live.onNotice(notice);
      }),
  });
  const live: LiveWorker = {
    kind,
    program,
    run: wrap<WorkerApi>(endpoint).run,
    failure: undefined,
    holds: new Set(),
    onBroken: () => undefined,
    onNotice: () => undefined,
    terminate: () => worker.terminate(),
  };
  worker.onError((failure) => {
    live.failure = failure;
    live.onBroken(failure);
  });
  return live;
}
