import type { KernelPool, PoolOutput } from '@reckon/kernels/engine/pool';
import type { Preview } from '@reckon/kernels/kernel';
import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import { hashUnitInput } from '@reckon/protocol/base/hash';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { Clock } from '@reckon/protocol/base/ports';
import type { Millis } from '@reckon/protocol/base/units';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { Lease } from '@reckon/protocol/wire/messages';
import type { BlobFetcher } from './blob-fetcher.ts';
import type { CurrentUnit, UnitPicture } from './snapshot.ts';
import { createTurns } from './turns.ts';

/** Units fetched beyond two for each worker. */
const FETCHED_AHEAD = 2;

/** A unit under lease that is not finished. */
interface HeldUnit {
  readonly lease: Lease;
  readonly controller: AbortController;
  readonly leasedAt: Millis;
  phase: 'fetching' | 'queued' | 'computing';
  progress: number;
  preview: Preview | null;
}

export interface FinishedUnit {
  lease: Lease;
  output: PoolOutput;
}

/**
 * Runs leased units and checks: fetches what they read while others compute, then computes at most `workers` at once, oldest
 * first. Of many short units only the next few are fetched, so that a long line fills no memory.
 */
export interface UnitRunner {
  /** Ignores a unit it already holds. */
  accept(lease: Lease): void;
  /** Stops a unit. @returns its lease, when it was held. */
  revoke(workUnitId: WorkUnitId): Lease | undefined;
  /** The lease under which it holds a unit. */
  leaseOf(workUnitId: WorkUnitId): Lease | undefined;
  readonly held: number;
  readonly computing: number;
  units(): CurrentUnit[];
  readonly lastPicture: UnitPicture | undefined;
  progress(): { workUnitId: WorkUnitId; fraction: number }[];
  /** Lets waiting units start, after the number of workers grew. */
  wake(): void;
  /** Stops everything, telling nobody. */
  abort(): void;
}

export interface RunnerOptions {
  /** The pool in use now; it is replaced after a stop. */
  pool: () => KernelPool;
  fetcher: BlobFetcher;
  clock: Clock;
  limits: () => { workers: number; dutyCycle: number; backends: readonly Backend[] };
  onFinished: (unit: FinishedUnit) => void;
  onFailed: (lease: Lease, error: ReckonError) => void;
  /** Something a screen shows has changed. */
  onChange: () => void;
}

export function createUnitRunner(options: RunnerOptions): UnitRunner {
  const { fetcher, clock } = options;
  const held = new Map<WorkUnitId, HeldUnit>();
  let lastPicture: UnitPicture | undefined;
  // An aborted unit still takes its turns, to give them up at once.
  const slots = createTurns(() => options.limits().workers);
  const places = createTurns(() => 2 * options.limits().workers + FETCHED_AHEAD);

  async function fetchBlobs(lease: Lease): Promise<Map<string, Uint8Array>> {
    const digest = hashUnitInput(lease.params, lease.blobs);
    if (digest !== lease.inputDigest) {
      const field = 'inputDigest';
      const { workUnitId, inputDigest } = lease;
      throw new ReckonError('ATTESTATION_MISMATCH', { workUnitId, field, expected: digest, received: inputDigest });
    }
    const blobs = await Promise.all(lease.blobs.map(async (ref) => [ref.name, await fetcher.get(ref)] as const));
    return new Map(blobs);
  }

  function compute(unit: HeldUnit, blobs: ReadonlyMap<string, Uint8Array>): Promise<PoolOutput> {
    const { lease, controller } = unit;
    unit.phase = 'computing';
    options.onChange();
    // With digests the pool leaves the bytes here, and sends a model only once to a worker: the next unit reads it too.
    const digests = new Map(lease.blobs.map(({ name, digest }) => [name, digest]));
    const { backends, dutyCycle } = options.limits();
    const input = { params: lease.params, blobs, digests };
    const { kernel, chunks } = lease;
    const part = chunks === undefined ? {} : { chunks };
    const work = { kernel: kernel.name, digest: kernel.digest, input, backends, dutyCycle, ...part };
    return options.pool().run(work, {
      signal: controller.signal,
      onProgress(fraction, preview) {
        unit.progress = Math.min(1, Math.max(0, fraction));
        if (preview !== undefined) {
          const { workUnitId, title, index, units } = lease;
          unit.preview = preview;
          lastPicture = { workUnitId, title, index, units, preview };
        }
        options.onChange();
      },
    });
  }

  async function attempt(unit: HeldUnit): Promise<PoolOutput> {
    const { signal } = unit.controller;
    await places.take();
    try {
      signal.throwIfAborted();
      unit.phase = 'fetching';
      const blobs = await fetchBlobs(unit.lease);
      unit.phase = 'queued';
      await slots.take();
      try {
        signal.throwIfAborted();
        return await compute(unit, blobs);
      } finally {
        slots.give();
      }
    } finally {
      places.give();
    }
  }

  async function run(unit: HeldUnit): Promise<void> {
    const { lease } = unit;
    const isHeld = () => held.get(lease.workUnitId) === unit;
    try {
      const output = await attempt(unit);
      if (!isHeld()) return; // stopped: whoever stopped it has accounted for it
      held.delete(lease.workUnitId);
      options.onFinished({ lease, output });
    } catch (error) {
      if (!isHeld()) return;
      held.delete(lease.workUnitId);
      options.onFailed(lease, toReckonError(error));
    }
  }

  function release(unit: HeldUnit): void {
    held.delete(unit.lease.workUnitId);
    unit.controller.abort(new ReckonError('CHANNEL_CLOSED', { reason: 'stopped' }));
  }

  return {
    get held() {
      return held.size;
    },
    get computing() {
      return [...held.values()].filter(({ phase }) => phase === 'computing').length;
    },
    leaseOf: (workUnitId) => held.get(workUnitId)?.lease,
    accept(lease) {
      if (held.has(lease.workUnitId)) return;
      const unit: HeldUnit = {
        lease,
        controller: new AbortController(),
        leasedAt: clock.now(),
        phase: 'queued',
        progress: 0,
        preview: null,
      };
      held.set(lease.workUnitId, unit);
      void run(unit);
    },
    revoke(workUnitId) {
      const unit = held.get(workUnitId);
      if (unit !== undefined) release(unit);
      return unit?.lease;
    },
    get lastPicture() {
      return lastPicture;
    },
    units: () => [...held.values()].map(toCurrentUnit).sort((a, b) => rank(a) - rank(b)),
    progress: () =>
      [...held.values()].map(({ lease, progress }) => ({ workUnitId: lease.workUnitId, fraction: progress })),
    wake() {
      places.wake();
      slots.wake();
    },
    abort() {
      for (const unit of [...held.values()]) release(unit);
      fetcher.abort();
    },
  };
}

/** Computing units first; the rest in the order they came. */
const rank = (unit: CurrentUnit): number => (unit.phase === 'computing' ? 0 : 1);

function toCurrentUnit({ lease, leasedAt, phase, progress, preview }: HeldUnit): CurrentUnit {
  return {
    workUnitId: lease.workUnitId,
    jobId: lease.jobId,
    title: lease.title,
    requesterLabel: lease.requesterLabel,
    kernel: lease.kernel.name,
    kernelDigest: lease.kernel.digest,
    index: lease.index,
    units: lease.units,
    check: lease.chunks !== undefined,
    phase,
    progress,
    preview,
    leasedAt,
    deadline: leasedAt + lease.leaseMs,
    credits: lease.credits,
    reward: lease.reward.toString(),
  };
}
