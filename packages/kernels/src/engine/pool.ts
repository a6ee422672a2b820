import type { Clock } from '@reckon/protocol/base/ports';
import type { KernelDigest } from '@reckon/protocol/base/ids';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { Preview, RunOutput, UnitInput } from '../kernel.ts';
import type { KernelWorker } from './kernel-worker.ts';

/** One unit to run. */
export interface PoolUnit {
  /** `id@version`. */
  kernel: string;
  digest: KernelDigest;
  /** Its blobs are moved to the worker where they own their whole buffer: pass copies of bytes you keep. */
  input: UnitInput;
  /** Lower limits than the manifest's. */
  limits?: { maxMs?: number; maxResultBytes?: number };
  /** In order of preference; those the kernel lacks are skipped. */
  backends: readonly Backend[];
  /** Share of time a worker may compute, 0 < d ≤ 1; after a unit it rests computeMs · (1/d − 1). */
  dutyCycle: number;
}

export interface PoolOutput extends RunOutput {
  /** Time inside the kernel. */
  computeMs: number;
}

export interface PoolRunOptions {
  signal: AbortSignal;
  onProgress?: (fraction: number, preview?: Preview) => void;
}

export interface PoolOptions {
  spawn: () => KernelWorker;
  /** Workers at most. */
  size: number;
  clock?: Clock;
}

/** Workers that run one unit each. */
export interface KernelPool {
  /** Workers at most; lowering it lets running units end. */
  size: number;
  /** Units running now. */
  readonly busy: number;
  run(unit: PoolUnit, options: PoolRunOptions): Promise<PoolOutput>;
  /** Ends every worker; running units reject. */
  close(): void;
}
