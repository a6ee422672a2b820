import { loadGemm } from '@reckon/kernels/gemm/load';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import type { Effort, KernelBenchPage, Rounds, Row } from '../../src/kernels/page-api.ts';
import { type Candidate, control } from './candidate.ts';
import { checkProduct } from './check.ts';
import { copied, fresh, resident, whole } from './ours.ts';
import { ortFloat, ortWhole, tfjs } from './peers.ts';
import { type LoopName, registerLoop } from './register-loop.ts';
import { inTurns } from './rounds.ts';
import { hashWasm, search } from './sha256.ts';

/** Turns of a register loop: about 5 ms. */
const TURNS = 400_000;
const MESSAGES = 20_000;

async function roofline(name: LoopName): Promise<Candidate[]> {
  const loop = await registerLoop(name, TURNS);
  return loop === undefined ? [] : [{ ...loop, name, dispose: () => undefined }];
}

async function floats({ m, k, n }: { m: number; k: number; n: number }): Promise<Candidate[]> {
  const random = createSeededRandom(m * 7 + n);
  const fill = (count: number) => Float32Array.from({ length: count }, () => random.fraction() * 2 - 1);
  const [a, b] = [fill(m * k), fill(k * n)];
  const candidates = [
    await resident(a, b, m, k, n),
    await copied(a, b, m, k, n),
    await fresh(a, b, m, k, n),
    await tfjs(a, b, m, k, n),
    await ortFloat(a, b, m, k, n),
  ];
  for (const candidate of candidates) {
    await candidate.run();
    checkProduct(candidate.name, { m, k, n, a, b }, candidate.result?.() ?? [], false);
  }
  return [...candidates, ...(await roofline('fused')), ...(await roofline('separate'))];
}

async function wholes({ range, m, k, n }: Extract<Row, { kind: 'i8' }>): Promise<Candidate[]> {
  const random = createSeededRandom(m * 7 + n);
  const fill = (count: number, bits: number) =>
    Int8Array.from({ length: count }, () => (random.u32() << 24) >> (32 - bits));
  // Activations after a ReLU are in 0..127; of full range, both ends of both operands occur.
  const a = range === 'full' ? fill(m * k, 8) : fill(m * k, 8).map((value) => value & 127);
  const b = fill(k * n, 8);
  for (const operand of range === 'full' ? [a, b] : [b]) operand.set([-128, 127].slice(0, operand.length));
  const candidates = [
    await whole(a, b, m, k, n),
    await ortWhole({ a, b, right: 'uint8' }, m, k, n),
    await ortWhole({ a, b, right: 'int8' }, m, k, n),
  ];
  for (const candidate of candidates) {
    await candidate.run();
    checkProduct(candidate.name, { m, k, n, a, b }, candidate.result?.() ?? [], true);
  }
  return [...candidates, ...(await roofline('dot'))];
}

async function hashes(): Promise<Candidate[]> {
  const candidates = [await search(MESSAGES), await hashWasm(MESSAGES)];
  for (const candidate of candidates) await candidate.run();
  const [mine, theirs] = candidates.map((candidate) => candidate.result?.()[0]);
  if (mine !== theirs) throw new Error(`the lowest digests differ: ${mine} and ${theirs}`);
  return candidates;
}

async function measure(row: Row, effort: Effort): Promise<Rounds> {
  const make = { f32: () => floats(row as never), i8: () => wholes(row as never), sha256: hashes };
  const candidates = [...(await make[row.kind]()), control()];
  try {
    return await inTurns(candidates, effort);
  } finally {
    for (const candidate of candidates) candidate.dispose();
  }
}

const { relaxed } = await loadGemm();
const api: KernelBenchPage = {
  measure,
  facts: () => ({ isolated: crossOriginIsolated, relaxed: relaxed !== undefined, userAgent: navigator.userAgent }),
};
Object.assign(window, { kernelBench: api });
