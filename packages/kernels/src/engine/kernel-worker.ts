import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';

/** Our own kernels' workers, and those for programs that requesters bring, which are sealed off. */
export type WorkerKind = 'own' | 'guest';

export const workerKind = ({ guest }: Pick<KernelManifest, 'guest'>): WorkerKind => (guest === true ? 'guest' : 'own');

/** Why a worker ended by itself. */
export type WorkerFailure = { kind: 'crashed'; cause: string } | { kind: 'memory'; limitBytes: number };

/** One thread that runs kernels, as the pool sees it; adapters: `worker-browser.ts`, `worker-node.ts`. */
export interface KernelWorker {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Sets the one receiver of messages. */
  onMessage(receive: (message: unknown) => void): void;
  /** Sets the one listener told that the worker broke; not called after `terminate`. */
  onError(failed: (failure: WorkerFailure) => void): void;
  /** Ends the thread at once, whatever it is doing. */
  terminate(): void;
}
