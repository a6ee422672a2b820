import type { WireError } from '@reckon/protocol/base/errors';
import { toWire } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { KernelPool, PoolOutput } from '../engine/pool.ts';
import type { UnitInput } from '../kernel.ts';
import { type ConformanceCase, type ConformanceKernel, unitOf } from './case.ts';
import { compareBits, compareFloats, type FloatDifference } from './compare.ts';
import { nameOf } from './kernels.ts';
import { pinnedDigest, plainName } from './pinned.ts';
import { referenceOf } from './reference.ts';

/** What became of one case on one backend. */
export type CaseOutcome = {
  kernel: string;
  case: string;
  backend: Backend;
  /** The build without relaxed SIMD, where the kernel takes another one. */
  build?: 'plain';
} & (
  | {
      status: 'compared';
      /** What it ran on, and the time inside the kernel. */
      device: string;
      computeMs: number;
      bits: number;
      bitsDiffering: number;
      /** Of float kernels: how far off, and whether within the kernel's tolerance. */
      float?: FloatDifference & { within: boolean };
      /** The plain TypeScript of this browser gave another reference than ours: its JavaScript is at fault. */
      referenceDiffers: boolean;
    }
  /** The backend is not there or could not be used; the kernel fell back. */
  | { status: 'unavailable'; reason: string }
  | { status: 'failed'; error: WireError }
);

/** A case takes milliseconds; this is a slow phone's first shader, or a download. */
const MAX_MS = 60_000;

/** Runs one case on one backend as a work unit runs, and compares. Rejects only with the signal's reason. */
export async function runCase(
  pool: KernelPool,
  kernel: ConformanceKernel,
  which: ConformanceCase,
  backend: Backend,
  signal: AbortSignal,
): Promise<CaseOutcome> {
  const about = { kernel: nameOf(kernel), case: which.name, backend };
  try {
    const input = await unitOf(kernel, which);
    const output = await pool.run(
      {
        kernel: about.kernel,
        digest: kernel.rules.manifest.digest,
        // The pool moves what it is given; the reference needs its own.
        input: { ...input, blobs: new Map([...input.blobs].map(([name, bytes]) => [name, bytes.slice()])) },
        limits: { maxMs: MAX_MS },
        backends: [backend],
        dutyCycle: 1,
      },
      { signal },
    );
    const elsewhere = backend === 'webgpu' && !output.device.startsWith('WebGPU');
    if (elsewhere || output.fellBack !== undefined) {
      return { ...about, status: 'unavailable', reason: output.fellBack ?? `It ran on ${output.device}.` };
    }
    const { bytes, device, computeMs } = output;
    return { ...about, status: 'compared', device, computeMs, ...(await compare(kernel, which, input, bytes)) };
  } catch (error) {
    signal.throwIfAborted();
    return { ...about, status: 'failed', error: toWire(error) };
  }
}

/** Runs one case by the kernel's build without relaxed SIMD, in this thread, and compares. Never rejects. */
export async function runPlain(kernel: ConformanceKernel, which: ConformanceCase): Promise<CaseOutcome> {
  const about = { kernel: nameOf(kernel), case: which.name, backend: 'wasm', build: 'plain' } as const;
  try {
    const input = await unitOf(kernel, which);
    if (kernel.plainWasm === undefined) return { ...about, status: 'unavailable', reason: 'There is one build only.' };
    const began = performance.now();
    const bytes = await kernel.plainWasm(input);
    const ran = { device: 'WASM SIMD, not relaxed', computeMs: performance.now() - began };
    return { ...about, status: 'compared', ...ran, ...(await comparePlain(kernel, which, input, bytes)) };
  } catch (error) {
    return { ...about, status: 'failed', error: toWire(error) };
  }
}

/** How a result differs from the reference. Equal to the pinned digest, an exact result needs no reference here. */
export async function compare(
  kernel: ConformanceKernel,
  which: ConformanceCase,
  input: UnitInput,
  result: PoolOutput['bytes'],
) {
  const { numbers, rules } = kernel;
  const pinned = pinnedDigest(nameOf(kernel), which.name);
  if (numbers === undefined && hashBlob(result) === pinned) {
    return { bits: 8 * result.length, bitsDiffering: 0, referenceDiffers: false };
  }
  const reference = await referenceOf(kernel, input);
  const referenceDiffers = hashBlob(reference) !== pinned;
  const difference = { ...compareBits(result, reference), referenceDiffers };
  if (numbers === undefined) {
    // Not ours by its digest, whatever a reference that is not ours either says.
    return { ...difference, bitsDiffering: Math.max(1, difference.bitsDiffering) };
  }
  const wellFormed = rules.inspect(input.params, result) === undefined;
  const float = compareFloats(wellFormed ? numbers(result) : [], numbers(reference));
  const { isNear = () => rules.agree(result, reference, input.params) } = kernel;
  return { ...difference, float: { ...float, within: wellFormed && isNear(input, result) } };
}

/** How a result of the plain build differs: of floats too by its bytes, where they are known. */
async function comparePlain(
  kernel: ConformanceKernel,
  which: ConformanceCase,
  input: UnitInput,
  result: PoolOutput['bytes'],
) {
  const { numbers, plainReference, rules } = kernel;
  if (numbers === undefined || plainReference === undefined) return compare(kernel, which, input, result);
  const pinned = pinnedDigest(nameOf(kernel), plainName(which.name));
  const within = hashBlob(result) === pinned;
  const reference = plainReference(input);
  const { bits, bitsDiffering } = compareBits(result, reference);
  const wellFormed = rules.inspect(input.params, result) === undefined;
  const float = compareFloats(wellFormed ? numbers(result) : [], numbers(reference));
  return {
    bits,
    bitsDiffering: within ? 0 : Math.max(1, bitsDiffering),
    referenceDiffers: hashBlob(reference) !== pinned,
    float: { ...float, within },
  };
}
