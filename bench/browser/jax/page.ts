import { blockUntilReady, defaultDevice, init, jit, numpy as np } from '@jax-js/jax';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import type { Effort, Rounds } from '../../src/kernels/page-api.ts';
import { type Candidate, control } from '../kernels/candidate.ts';
import { checkProduct } from '../kernels/check.ts';
import { resident } from '../kernels/ours.ts';
import { inTurns } from '../kernels/rounds.ts';

/** A product that stays in its memory; on one thread, since this page is not isolated. */
async function jax(a: Float32Array<ArrayBuffer>, b: Float32Array<ArrayBuffer>, side: number): Promise<Candidate> {
  const devices = await init('wasm');
  if (!devices.includes('wasm')) throw new Error('jax-js has no WASM here');
  defaultDevice('wasm');
  const [left, right] = [np.array(a).reshape([side, side]), np.array(b).reshape([side, side])];
  const multiply = jit(np.matmul);
  let last: np.Array | undefined;
  return {
    name: 'jax',
    work: 2 * side ** 3,
    async run() {
      last?.dispose();
      last = multiply(left.ref, right.ref);
      await blockUntilReady(last);
    },
    result: () => (last as np.Array).ref.dataSync() as Float32Array,
    dispose: () => last?.dispose(),
  };
}

async function measure(side: number, effort: Effort): Promise<Rounds> {
  const random = createSeededRandom(side);
  const fill = () => Float32Array.from({ length: side * side }, () => random.fraction() * 2 - 1);
  const [a, b] = [fill(), fill()];
  const candidates = [await resident(a, b, side, side, side), await jax(a, b, side), control()];
  for (const { name, run, result } of candidates) {
    await run();
    const c = result?.();
    if (c !== undefined) checkProduct(name, { m: side, k: side, n: side, a, b }, c, false);
  }
  return inTurns(candidates, effort);
}

Object.assign(window, { kernelBench: { measure, facts: () => ({ isolated: crossOriginIsolated }) } });
