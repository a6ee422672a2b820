import { createPool, type KernelPool } from '@reckon/kernels/engine/pool';
import { spawnNodeWorker } from '@reckon/kernels/engine/worker-node';
import type { InputFile, KernelPlan, KernelRules } from '@reckon/kernels/kernel';
import { equalBytes } from '@reckon/protocol/base/bytes';
import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';

/** A requester's program as a job would bring it: a kernel's inputs by name, and its parameters. */
export interface LocalRun {
  rules: KernelRules;
  inputs: ReadonlyMap<string, InputFile>;
  params: Record<string, unknown>;
  /** Runs each unit three times more, twice of them in workers of their own, and compares. */
  check: boolean;
  /** Entry of a worker that has WebGPU; without one, WebAssembly computes. */
  gpuWorker?: URL;
  /** Longest time of a unit; without it, that of a job's lease. The kernel's own limit is never passed. */
  limitMs?: number;
  signal: AbortSignal;
  onProgress?: (words: string) => void;
  /** Told every second while a unit runs, with how long it has run. */
  onTick?: (words: string) => void;
}

export interface LocalResult {
  /** What the network would give back. */
  files: NamedPart[];
  units: number;
  device: string;
  /** Time in the kernel of the first runs: all units, and the longest. */
  computeMs: number;
  longestMs: number;
  /** The most that a program's memory grew to, where it is known. */
  memoryBytes: number | undefined;
}

/**
 * Runs the units of one stage here, one after the other, as a volunteer's device would: the same cutting, checks, deadlines and
 * putting together.
 * @throws {ReckonError} KERNEL_RESULT_INVALID where two runs differ; whatever the kernel refuses the program or its files with.
 */
export async function runUnits(run: LocalRun): Promise<LocalResult> {
  const { rules, inputs, params, check, onProgress } = run;
  const plan = await rules.split(params, inputs);
  const count = plan.units.length;
  const result: LocalResult = {
    files: [],
    units: count,
    device: '',
    computeMs: 0,
    longestMs: 0,
    memoryBytes: undefined,
  };
  const results: Uint8Array[] = [];
  const digests = new Map(plan.shared.map(({ name, bytes }) => [name, hashBlob(bytes)]));
  await withPool(run, async (pool) => {
    for (const index of plan.units.keys()) {
      onProgress?.(`unit ${index + 1} of ${count}`);
      const output = await runUnit(pool, run, plan, index, digests);
      results.push(output.bytes);
      result.device = output.device;
      result.computeMs += output.computeMs;
      result.longestMs = Math.max(result.longestMs, output.computeMs);
      if (output.memoryBytes !== undefined) result.memoryBytes = Math.max(result.memoryBytes ?? 0, output.memoryBytes);
    }
    if (check) await compare(pool, 'again in the same worker');
  });
  if (check)
    for (const which of ['a second', 'a third']) await withPool(run, (pool) => compare(pool, `in ${which} worker`));
  return { ...result, files: rules.merge(plan.stageParams, results) };

  async function compare(pool: KernelPool, where: string): Promise<void> {
    for (const [index, unit] of plan.units.entries()) {
      onProgress?.(`unit ${index + 1} of ${count}, ${where}`);
      const { bytes } = await runUnit(pool, run, plan, index, digests);
      const first = results[index] as Uint8Array;
      const same =
        rules.manifest.agreement.kind === 'exact' ? equalBytes(bytes, first) : rules.agree(bytes, first, unit.params);
      if (same) continue;
      const cause = `unit ${index} gave ${bytes.length} bytes that differ from its first ${first.length}, ${where}`;
      throw new ReckonError('KERNEL_RESULT_INVALID', { kernel: kernelName(rules.manifest), cause });
    }
  }
}

async function withPool({ rules, gpuWorker }: LocalRun, use: (pool: KernelPool) => Promise<void>): Promise<void> {
  const { maxMemoryBytes } = rules.manifest.limits;
  const spawn = spawnNodeWorker({ limitBytes: maxMemoryBytes, ...(gpuWorker && { entry: gpuWorker }) });
  const pool = createPool({ spawn, size: 1 });
  try {
    await use(pool);
  } finally {
    pool.close();
  }
}

const TICK_MS = 1_000;

async function runUnit(
  pool: KernelPool,
  { rules, gpuWorker, limitMs, signal, onTick }: LocalRun,
  plan: KernelPlan,
  index: number,
  /** Of what all units share: by them the pool knows the program, and keeps its worker. */
  digests: ReadonlyMap<string, string>,
) {
  const { manifest } = rules;
  const unit = plan.units[index] as KernelPlan['units'][number];
  // Copies: the pool moves what it is given into its worker.
  const blobs = new Map([...plan.shared, ...unit.blobs].map(({ name, bytes }) => [name, bytes.slice()]));
  const began = performance.now();
  const ticking = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    onTick?.(`unit ${index + 1} of ${plan.units.length}, ${seconds} s`);
  }, TICK_MS);
  try {
    const output = await pool.run(
      {
        kernel: kernelName(manifest),
        digest: manifest.digest,
        input: { params: unit.params, blobs, digests },
        limits: { maxMs: Math.min(limitMs ?? plan.leaseMs, manifest.limits.maxMs) },
        backends: [gpuWorker === undefined ? 'wasm' : 'webgpu'],
        dutyCycle: 1,
      },
      { signal },
    );
    const cause = rules.inspect(unit.params, output.bytes);
    if (cause === undefined) return output;
    throw new ReckonError('KERNEL_RESULT_INVALID', { kernel: kernelName(manifest), cause });
  } catch (error) {
    throw signal.aborted ? error : ofUnit(error, index);
  } finally {
    clearInterval(ticking);
  }
}

/** The refusal, naming the unit. */
function ofUnit(error: unknown, unit: number): ReckonError {
  const { code, details } = toReckonError(error);
  return new ReckonError(code, { ...details, unit }, { cause: error });
}
