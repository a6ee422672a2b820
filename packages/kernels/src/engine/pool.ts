import { fromWire, ReckonError } from '@reckon/protocol/base/errors';
import type { KernelDigest } from '@reckon/protocol/base/ids';
import type { Clock } from '@reckon/protocol/base/ports';
import { type Backend, type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';
import { transfer } from 'comlink';
import type { Preview, RunOutput, UnitInput } from '../kernel.ts';
import { manifests } from '../manifests.ts';
import { unknownKernel } from '../rules.ts';
import { readAnswer } from './from-worker.ts';
import { createIdleWorkers, type WorkerWish } from './idle-workers.ts';
import { type KernelWorker, type WorkerFailure, type WorkerKind, workerKind } from './kernel-worker.ts';
import { type LiveWorker, startWorker } from './live-worker.ts';
import { requireSize } from './result-size.ts';
import { createSlots } from './slots.ts';
import { systemClock } from './system-clock.ts';
import { digestsOf, sendBlobs } from './unit-blobs.ts';
import type { WorkerUnit } from './worker-api.ts';

/** One unit to run. */
export interface PoolUnit {
  /** `id@version`. */
  kernel: string;
  digest: KernelDigest;
  /**
   * Blobs that own their whole buffer are moved to the worker and empty afterwards: pass copies of bytes you keep. Those
   * with a digest are left as they are: the pool sends a copy, or nothing to a worker whose last unit had the same blob.
   */
  input: UnitInput;
  /** Lower limits than the manifest's. */
  limits?: { maxMs?: number; maxResultBytes?: number };
  /** In order of preference; those the kernel lacks are skipped. */
  backends: readonly Backend[];
  /**
   * Chunks to compute alone, 1 to 64: the output is then each chunk as a packed part named by its index, in this order.
   * Absent for the whole unit.
   */
  chunks?: readonly number[];
  /** Share of time a worker may compute, 0 < d ≤ 1; after a unit it rests computeMs · (1/d − 1). */
  dutyCycle: number;
}

export interface PoolOutput extends RunOutput {
  /** Time inside the kernel. */
  computeMs: number;
}

export interface PoolRunOptions {
  /** Aborting ends the worker at once; the run rejects with the signal's reason. */
  signal: AbortSignal;
  onProgress?: (fraction: number, preview?: Preview) => void;
}

export interface PoolOptions {
  spawn: (kind: WorkerKind) => KernelWorker;
  /** Workers at most; they are spawned when first needed. */
  size: number;
  clock?: Clock;
  /** Manifests by name; the product's kernels unless a test brings others. */
  manifests?: readonly KernelManifest[];
  /** Told when a worker lost its GPU device. */
  onGpuLost?: (reason: string) => void;
}

/** Workers that run one unit each. */
export interface KernelPool {
  /** Workers at most; lowering it lets running units end. */
  size: number;
  /** Units running or workers resting now. */
  readonly busy: number;
  /**
   * Waits for a free worker and runs the unit on it.
   * @throws {ReckonError} KERNEL_THREW, KERNEL_TIMEOUT, KERNEL_MEMORY, KERNEL_RESULT_TOO_LARGE, KERNEL_DIGEST_MISMATCH,
   * KERNEL_UNKNOWN, KERNEL_NO_CHUNKS, DEVICE_UNSUPPORTED for a kernel that needs a GPU that is not to be used, and whatever the kernel refuses its input with.
   */
  run(unit: PoolUnit, options: PoolRunOptions): Promise<PoolOutput>;
  /** Ends every worker; running and waiting units reject. */
  close(): void;
}

/** A broken worker is in an unknown state, as is one whose kernel threw something uncoded. */
const RECYCLE_AFTER = new Set(['KERNEL_THREW', 'KERNEL_MEMORY', 'UNEXPECTED']);

/** A reason of its own spares each unit an exception, with its stack, that nobody reads. */
const OVER = 'the unit is over';

export function createPool({ spawn, size, clock = systemClock, onGpuLost, ...options }: PoolOptions): KernelPool {
  const known = new Map((options.manifests ?? manifests).map((manifest) => [kernelName(manifest), manifest]));
  const slots = createSlots(size);
  const idle = createIdleWorkers();
  const closing = new AbortController();
  let gpuBarred = false;

  /** Chunks are computed in TypeScript on any device. @throws {ReckonError} DEVICE_UNSUPPORTED */
  function pickBackend({ backends }: KernelManifest, { backends: wanted, chunks }: PoolUnit): Backend {
    const found = wanted.find((b) => backends.includes(b) && !(b === 'webgpu' && gpuBarred));
    if (found !== undefined) return found;
    if (backends.includes('wasm') || chunks !== undefined) return 'wasm';
    throw new ReckonError('DEVICE_UNSUPPORTED', { missing: gpuBarred ? 'a GPU that was not lost before' : 'WebGPU' });
  }

  /** Runs on a given worker; any rejection means that the worker must go. */
  async function runOn(
    live: LiveWorker,
    unit: WorkerUnit,
    manifest: KernelManifest,
    maxMs: number,
    stops: readonly AbortSignal[],
  ) {
    const over = new AbortController();
    const { kernel } = unit;
    const broken = new Promise<never>((_, reject) => {
      live.onBroken = (failure) => reject(failureError(kernel, failure));
    });
    const deadline = clock.sleep(maxMs, over.signal).then((): never => {
      throw new ReckonError('KERNEL_TIMEOUT', { kernel, limitMs: maxMs });
    });
    // Comlink neither rejects nor times out by itself, so the pool races its answer against all that can go wrong.
    const buffers = unit.blobs.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]));
    live.holds = digestsOf(unit.blobs);
    const began = clock.now();
    try {
      const said: unknown = await Promise.race([
        live.run(transfer(unit, [...new Set(buffers)])),
        broken,
        deadline,
        aborted(stops, over.signal),
      ]);
      const answer = readAnswer(said);
      if (answer === undefined)
        throw new ReckonError('KERNEL_THREW', { kernel, cause: 'what it answered is no result' });
      if (answer.ok) {
        requireSize(unit, answer.output);
        // By its own clock, which ticks in whole milliseconds; a guest that broke out could say anything.
        return { ...answer, computeMs: Math.min(answer.computeMs, Math.max(0, clock.now() - began) + 1) };
      }
      const { code, details } = answer.error;
      const memory = code === 'KERNEL_MEMORY' ? { limitBytes: manifest.limits.maxMemoryBytes } : {};
      return { ok: false as const, error: fromWire({ code, details: { ...details, ...memory } }) };
    } finally {
      over.abort(OVER);
      deadline.catch(() => undefined);
      live.onBroken = () => undefined;
    }
  }

  function takeWorker(wish: WorkerWish): LiveWorker {
    const live = idle.take(wish) ?? startWorker(spawn(wish.kind), wish.kind, wish.program);
    // One of another kind, or for another program, gives way to it.
    idle.shrink(slots.size - slots.held);
    return live;
  }

  async function rest(ms: number): Promise<void> {
    await clock.sleep(ms, closing.signal).catch(() => undefined);
    slots.give();
  }

  return {
    get size() {
      return slots.size;
    },
    set size(next) {
      slots.size = next;
      // Idle workers hold memory; those above the new size are not coming back.
      idle.shrink(next - slots.held);
    },
    get busy() {
      return slots.held;
    },
    async run(unit, { signal, onProgress }) {
      const manifest = known.get(unit.kernel);
      if (manifest === undefined) throw unknownKernel(unit.kernel);
      const stops = [signal, closing.signal];
      await slots.take(stops);
      let pause = 0;
      let live: LiveWorker | undefined;
      let keep = false;
      try {
        const backend = pickBackend(manifest, unit);
        live = takeWorker(wishOf(manifest, unit.input));
        live.onNotice = (notice) => {
          if (notice.notice === 'progress') onProgress?.(notice.fraction, notice.preview);
          else {
            gpuBarred ||= notice.barred;
            onGpuLost?.(notice.reason);
          }
        };
        const { maxMs, maxResultBytes } = { ...manifest.limits, ...unit.limits };
        const { kernel, digest, input, chunks } = unit;
        const blobs = sendBlobs(input, live.holds);
        const sent = {
          kernel,
          digest,
          params: input.params,
          blobs,
          backend,
          maxResultBytes,
          ...(chunks && { chunks }),
        };
        const answer = await runOn(live, sent, manifest, maxMs, stops);
        keep = answer.ok || !RECYCLE_AFTER.has(answer.error.code);
        if (!answer.ok) throw answer.error;
        pause = answer.computeMs * (1 / Math.min(1, Math.max(0.01, unit.dutyCycle)) - 1);
        return { ...answer.output, computeMs: answer.computeMs };
      } finally {
        if (live !== undefined) live.onNotice = () => undefined;
        if (live !== undefined && keep && !closing.signal.aborted && slots.held <= slots.size) idle.put(live);
        else live?.terminate();
        if (pause > 0) void rest(pause);
        else slots.give();
      }
    },
    close() {
      closing.abort(new DOMException('The kernel pool was closed.', 'AbortError'));
      idle.shrink(0);
    },
  };
}

function wishOf(manifest: KernelManifest, { digests = new Map() }: UnitInput): WorkerWish {
  const kind = workerKind(manifest);
  const blobs = new Set(digests.values());
  if (kind === 'own') return { kind, blobs };
  // The files that the kernel cannot do without are the program; whatever else there is, it reads.
  const files = manifest.inputs.flatMap(({ kind: is, name, optional }) =>
    is === 'tensor' || optional ? [] : [digests.get(name)],
  );
  const known = files.every((digest) => digest !== undefined);
  return { kind, blobs, program: known ? [manifest.digest, ...files].join(' ') : undefined };
}

function failureError(kernel: string, failure: WorkerFailure): ReckonError {
  return failure.kind === 'memory'
    ? new ReckonError('KERNEL_MEMORY', { kernel, limitBytes: failure.limitBytes })
    : new ReckonError('KERNEL_THREW', { kernel, cause: failure.cause });
}

/** Rejects with the reason of the first signal that is aborted. */
function aborted(signals: readonly AbortSignal[], over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signals.find((signal) => signal.aborted)?.reason);
    if (signals.some((signal) => signal.aborted)) stop();
    for (const signal of signals) signal.addEventListener('abort', stop);
    over.addEventListener('abort', () => {
      for (const signal of signals) signal.removeEventListener('abort', stop);
    });
  });
}
