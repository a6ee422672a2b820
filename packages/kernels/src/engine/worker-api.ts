import type { WireError } from '@reckon/protocol/base/errors';
import type { KernelDigest } from '@reckon/protocol/base/ids';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { Preview, RunOutput } from '../kernel.ts';

/** One unit on its way into a worker. */
export interface WorkerUnit {
  kernel: string;
  digest: KernelDigest;
  params: string;
  blobs: WorkerBlob[];
  backend: Backend;
  maxResultBytes: number;
  /** Only these chunks, in plain TypeScript; absent for the whole unit. */
  chunks?: readonly number[];
}

/** Without bytes it is the one of that digest among the blobs of the worker's last unit, which it keeps. */
export interface WorkerBlob {
  name: string;
  bytes?: Uint8Array;
  digest?: string;
}

/** Errors travel in wire form, since comlink keeps only name, message and stack of what is thrown. */
export type WorkerAnswer = { ok: true; output: RunOutput; computeMs: number } | { ok: false; error: WireError };

/** What a worker offers through comlink. */
export interface WorkerApi {
  run(unit: WorkerUnit): Promise<WorkerAnswer>;
}

/** What a worker tells by itself while it runs; plain messages beside comlink's. */
export type WorkerNotice =
  | { notice: 'progress'; fraction: number; preview?: Preview }
  | { notice: 'gpu-lost'; reason: string; barred: boolean };

/** Does it say to be a notice? `readNotice` reads it. */
export const isNotice = (message: unknown): message is { notice: unknown } =>
  typeof message === 'object' && message !== null && 'notice' in message;
