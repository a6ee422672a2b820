import type { Contender, Matrices } from './contender.ts';

let loaded: Promise<typeof import('@jax-js/jax')> | undefined;

/** jax-js on WebGPU; `navigator.gpu` must be there. @throws when it has no WebGPU. */
async function load(): Promise<typeof import('@jax-js/jax')> {
  const jax = await import('@jax-js/jax');
  if (!(await jax.init('webgpu')).includes('webgpu')) throw new Error('jax-js has no WebGPU here');
  jax.defaultDevice('webgpu');
  return jax;
}

/** Products held before they are waited for: jax-js computes nothing that is let go before. */
const HELD_BYTES = 256 * 2 ** 20;
const MOST_HELD = 64;

/** Arrays are made before, and stay on the device. It is waited for once for as many products as may be held. */
export async function openJax({ shape: { m, k, n }, lefts, right }: Matrices): Promise<Contender> {
  loaded ??= load();
  const { numpy, blockUntilReady } = await loaded;
  const as = lefts.map((left) => numpy.array(left, { shape: [m, k] }));
  const b = numpy.array(right, { shape: [k, n] });
  // Functions of jax-js take their arguments over; `.ref` keeps ours.
  const multiply = (i: number) => numpy.matmul((as[i % 2] as (typeof as)[number]).ref, b.ref);
  const held = Math.min(MOST_HELD, Math.max(1, Math.floor(HELD_BYTES / (m * n * 4))));
  return {
    name: 'jax-js 0.1.25',
    async run(products) {
      for (let done = 0; done < products; done += held) {
        const results = Array.from({ length: Math.min(held, products - done) }, (_, i) => multiply(done + i));
        await blockUntilReady(results);
        for (const result of results) result.dispose();
      }
    },
    product: () => multiply(0).data(),
    destroy() {
      for (const array of [...as, b]) array.dispose();
    },
  };
}
