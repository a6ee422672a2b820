import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '@reckon/protocol/base/ports';
import type { UnitInput } from '../src/kernel.ts';
import { matmulRules } from '../src/kernels/matmul-i8/rules.ts';
import { matmulKernel } from '../src/kernels/matmul-i8/run.ts';
import { encodeNpy } from '../src/tensor/npy.ts';
import { int8Matrix } from './matrices.ts';

/** What checking a product costs beside computing it, for one shape m × k × n. */
export interface CertificateCost {
  shape: string;
  /** Medians in ms: a run on WASM, a check with r known, and the first check of a B, which computes B · r too. */
  runMs: number;
  checkMs: number;
  firstCheckMs: number;
  /** checkMs / runMs. */
  share: number;
}

/** Layers of small language and vision models, and a square. */
const SHAPES = [
  [128, 384, 1536],
  [128, 768, 3072],
  [64, 512, 512],
  [256, 1024, 1024],
] as const;

/** Measures on one thread; rounds of all three, one after the other, so that a slow moment meets them alike. */
export async function measureCertificateCost(rounds = 31): Promise<CertificateCost[]> {
  const costs: CertificateCost[] = [];
  for (const [m, k, n] of SHAPES) costs.push(await measureShape(m, k, n, rounds));
  return costs;
}

async function measureShape(m: number, k: number, n: number, rounds: number): Promise<CertificateCost> {
  const b = encodeNpy(int8Matrix(k, n, 2));
  const inputOf = (right: Uint8Array): UnitInput => ({
    params: JSON.stringify({ rows: m, columns: n }),
    blobs: new Map([
      ['a', encodeNpy(int8Matrix(m, k, 1))],
      ['b', right],
    ]),
  });
  const input = inputOf(b);
  const run = () =>
    matmulKernel.run(input, { backend: 'wasm', signal: new AbortController().signal, progress: () => undefined });
  const { bytes } = await run();
  const times: [run: number, check: number, first: number][] = [];
  // Rounds before the first are for the compiler.
  for (let round = -5; round < rounds; round++) {
    const fresh = inputOf(b.slice());
    const took = [
      await time(run),
      await time(() => checkRight(input, bytes)),
      await time(() => checkRight(fresh, bytes)),
    ] as const;
    if (round >= 0) times.push([...took]);
  }
  const medianOf = (part: 0 | 1 | 2) => median(times.map((row) => row[part]));
  const [runMs, checkMs, firstCheckMs] = [medianOf(0), medianOf(1), medianOf(2)];
  return { shape: `${m}×${k}×${n}`, runMs, checkMs, firstCheckMs, share: checkMs / runMs };

  async function checkRight(unit: UnitInput, result: Uint8Array): Promise<void> {
    const outcome = await matmulRules.check?.(unit, result, random);
    if (outcome?.passed !== true) throw new Error('a right result was refused');
  }
}

const random: Random = { bytes: (length) => randomBytes(length), u32: () => randomInt(2 ** 32) };

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
