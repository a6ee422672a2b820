import type * as Tf from '@tensorflow/tfjs-core';
import type { Contender, Matrices } from './contender.ts';

let loaded: Promise<typeof Tf> | undefined;

/** TensorFlow.js with its WebGPU backend; `navigator.gpu` and a window must be there. @throws when there is no backend. */
async function load(): Promise<typeof Tf> {
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs has no WebGPU here');
  await tf.ready();
  return tf;
}

/** Tensors are made before, and stay on the device. */
export async function openTfjs({ shape: { m, k, n }, lefts, right }: Matrices): Promise<Contender> {
  loaded ??= load();
  const tf = await loaded;
  const as = lefts.map((left) => tf.tensor2d(left, [m, k]));
  const b = tf.tensor2d(right, [k, n]);
  const multiply = (i: number) => tf.matMul(as[i % 2] as Tf.Tensor2D, b);
  return {
    name: `tfjs-webgpu ${tf.version_core}`,
    async run(products) {
      for (let i = 0; i < products - 1; i++) multiply(i).dispose();
      const last = multiply(products - 1);
      // Reading is what makes tfjs submit all; one element is the least.
      const one = tf.slice(last, [0, 0], [1, 1]);
      await one.data();
      one.dispose();
      last.dispose();
    },
    async product() {
      const c = multiply(0);
      const values = await c.data();
      c.dispose();
      return values;
    },
    destroy() {
      for (const tensor of [...as, b]) tensor.dispose();
    },
  };
}
