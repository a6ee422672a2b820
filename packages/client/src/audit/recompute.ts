import type { KernelPool } from '@reckon/kernels/engine/pool';
import type { KernelRules, UnitInput } from '@reckon/kernels/kernel';
import { kernelRules } from '@reckon/kernels/rules';
import { type Difference, differ } from '@reckon/protocol/audit/difference';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Random } from '@reckon/protocol/base/ports';
import type { RelayClient } from '../relay-client.ts';
import type { AuditedUnit } from './audited-unit.ts';

export interface RecomputePorts {
  relay: Pick<RelayClient, 'downloadBlob'>;
  pool: Pick<KernelPool, 'run'>;
  /** Draws the vectors of certificates: unknown to who computed the result. */
  random: Random;
  signal: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** What became of one unit that was computed again here. */
export interface RecomputedUnit {
  readonly entry: number;
  readonly workUnitId: string;
  readonly jobId: string;
  readonly title: string;
  readonly index: number;
  readonly kernel: string;
  /** `skipped`: this auditor has no such kernel, or not the device for it. */
  readonly how: 'certificate' | 'execution' | 'skipped';
  readonly words: string;
  readonly computeMs: number;
}

export interface RecomputeReport {
  readonly units: readonly RecomputedUnit[];
  readonly difference?: Difference;
}

/** Bytes that must be downloaded for these units, each blob once; results not counted, whose size is not known before. */
export function inputBytes(units: readonly AuditedUnit[]): number {
  const sizes = new Map(units.flatMap(({ blobs }) => blobs.map(({ digest, size }) => [digest, size] as const)));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function rulesOf({ kernel }: AuditedUnit): KernelRules | undefined {
  try {
    const rules = kernelRules(kernel.name);
    return rules.manifest.digest === kernel.digest ? rules : undefined;
  } catch {
    return undefined; // a kernel of another version of this program
  }
}

/** Computes units again, one after the other, and stops at the first whose accepted result is another. */
export async function recomputeUnits(units: readonly AuditedUnit[], ports: RecomputePorts): Promise<RecomputeReport> {
  const done: RecomputedUnit[] = [];
  const cache = new Map<BlobDigest, Promise<Uint8Array>>();
  for (const unit of units) {
    ports.onProgress?.(done.length, units.length);
    const outcome = await recompute(unit, ports, cache);
    if ('code' in outcome) return { units: done, difference: outcome };
    done.push(outcome);
  }
  ports.onProgress?.(done.length, units.length);
  return { units: done };
}

async function recompute(
  unit: AuditedUnit,
  ports: RecomputePorts,
  cache: Map<BlobDigest, Promise<Uint8Array>>,
): Promise<RecomputedUnit | Difference> {
  const { entry, workUnitId, jobId, title, index, kernel, canonical } = unit;
  const told = { entry, workUnitId, jobId, title, index, kernel: kernel.name };
  const rules = rulesOf(unit);
  if (rules === undefined) {
    const words = `this program has no ${kernel.name} of that digest`;
    return { ...told, how: 'skipped', words, computeMs: 0 };
  }
  const { signal, relay } = ports;
  const what = `the accepted result of unit ${index} of job ${jobId}`;
  const wrong = (expected: string, received: string) => differ({ index: entry, what, expected, received });
  const result = await relay.downloadBlob(canonical, { signal }).catch((error: unknown) => absent(error));
  if (typeof result === 'string') return wrong(`blob ${canonical}`, result);
  const malformed = rules.inspect(unit.params, result);
  if (malformed !== undefined) return wrong('a well-formed result', malformed);
  if (rules.check === undefined && !rules.manifest.backends.includes('wasm')) {
    const words = 'well-formed; to compute it again takes a GPU, and an audit uses none';
    return { ...told, how: 'skipped', words, computeMs: 0 };
  }
  const blobs = new Map<string, Uint8Array>();
  for (const { name, digest } of unit.blobs) {
    const found = cache.get(digest) ?? relay.downloadBlob(digest, { signal });
    cache.set(digest, found);
    const bytes = await found.catch((error: unknown) => absent(error));
    if (typeof bytes === 'string') return wrong(`input ${digest}`, bytes);
    // A copy: the pool moves what it is given into its worker.
    blobs.set(name, bytes.slice());
  }
  const input: UnitInput = { params: unit.params, blobs };
  const began = performance.now();
  if (rules.check !== undefined) {
    const outcome = await rules.check(input, result, ports.random);
    if (!outcome.passed) return wrong('one that passes the kernel’s check', outcome.cause);
    const words = `passed ${rules.manifest.certificate?.method ?? 'the kernel’s check'}; a wrong result passes with chance 2^${Math.round(outcome.errorLog2)}`;
    return { ...told, how: 'certificate', words, computeMs: performance.now() - began };
  }
  const { name, digest } = kernel;
  const output = await ports.pool.run({ kernel: name, digest, input, backends: ['wasm'], dutyCycle: 1 }, { signal });
  const own = hashBlob(output.bytes);
  if (!rules.agree(output.bytes, result, unit.params)) return wrong(`${own}, as it was computed here`, canonical);
  const words =
    own === canonical ? 'computed here: the same bytes' : 'computed here: agrees within the kernel’s tolerance';
  return { ...told, how: 'execution', words, computeMs: output.computeMs };
}

/** A relay that does not serve what it accepted cannot be checked; one that cannot be reached says nothing. */
function absent(error: unknown): string {
  if (error instanceof ReckonError && error.code !== 'RELAY_UNREACHABLE') return error.message;
  throw error;
}
