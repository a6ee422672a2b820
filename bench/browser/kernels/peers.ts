import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web/wasm';
import type { Candidate } from './candidate.ts';
import { FLOAT, INT32, INT8, oneOperator, UINT8, type Value } from './onnx-model.ts';

let ready: Promise<unknown> | undefined;

/** tfjs on one thread of WASM, whichever it would take by itself. */
function prepareTfjs(): Promise<unknown> {
  ready ??= (async () => {
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    // It asks for addresses of all three builds, and without threads loads this one.
    const builds = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];
    setWasmPaths(Object.fromEntries(builds.map((build) => [build, simdUrl])));
    setThreadsCount(1);
    if (!(await tf.setBackend('wasm'))) throw new Error('tfjs has no WASM backend here');
    await tf.ready();
  })();
  return ready;
}

/** A, B and C stay in its memory; it packs B once and keeps that. */
export async function tfjs(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Promise<Candidate> {
  await prepareTfjs();
  const [left, right] = [tf.tensor2d(a, [m, k]), tf.tensor2d(b, [k, n])];
  let last: tf.Tensor | undefined;
  return {
    name: 'tfjs',
    work: 2 * m * k * n,
    run() {
      last?.dispose();
      last = tf.matMul(left, right);
    },
    result: () => (last as tf.Tensor).dataSync() as Float32Array,
    dispose() {
      for (const tensor of [left, right, last]) tensor?.dispose();
    },
  };
}

async function session(model: Uint8Array): Promise<ort.InferenceSession> {
  ort.env.wasm.numThreads = 1;
  return ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
}

/** A session run; A goes in and C comes out by copies, B is a weight that it may pack once. */
async function run(
  name: string,
  model: Uint8Array,
  feeds: ort.InferenceSession.FeedsType,
  work: number,
): Promise<Candidate> {
  const made = await session(model);
  let last: ort.Tensor | undefined;
  return {
    name,
    work,
    async run() {
      last = (await made.run(feeds))['c'] as ort.Tensor;
    },
    result: () => (last as ort.Tensor).data as Float32Array | Int32Array,
    dispose: () => void made.release(),
  };
}

/** Weights above this are given as an input: a model's bytes must fit one message of 2 GiB, and its parser copies them. */
const MOST_WEIGHTS = 2 ** 24;

export async function ortFloat(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Promise<Candidate> {
  const weight = k * n <= MOST_WEIGHTS ? { data: b } : {};
  const inputs: Value[] = [
    { name: 'a', type: FLOAT, dims: [m, k] },
    { name: 'b', type: FLOAT, dims: [k, n], ...weight },
  ];
  const model = oneOperator('MatMul', inputs, { name: 'c', type: FLOAT, dims: [m, n] });
  const feeds = { a: new ort.Tensor('float32', a, [m, k]) };
  return run(
    'ort',
    model,
    'data' in weight ? feeds : { ...feeds, b: new ort.Tensor('float32', b, [k, n]) },
    2 * m * k * n,
  );
}

/**
 * MatMulInteger with A as uint8, its faster path. A of full range is moved by 128, which the operator takes back as the zero
 * point, so that the product is the same. `right`: whether B goes in as int8, or moved as well.
 */
export async function ortWhole(
  { a, b, right }: { a: Int8Array; b: Int8Array; right: 'int8' | 'uint8' },
  m: number,
  k: number,
  n: number,
): Promise<Candidate> {
  const zero = (values: Int8Array) => (values.some((value) => value < 0) ? 128 : 0);
  const moved = (values: Int8Array) => {
    const by = zero(values);
    return Uint8Array.from(values, (value) => value + by);
  };
  const [zeroA, zeroB] = [zero(a), right === 'uint8' ? zero(b) : 0];
  const inputs: Value[] = [
    { name: 'a', type: UINT8, dims: [m, k] },
    { name: 'b', type: right === 'uint8' ? UINT8 : INT8, dims: [k, n], data: right === 'uint8' ? moved(b) : b },
    { name: 'zeroA', type: UINT8, dims: [], data: Uint8Array.of(zeroA) },
    { name: 'zeroB', type: right === 'uint8' ? UINT8 : INT8, dims: [], data: Uint8Array.of(zeroB) },
  ];
  const model = oneOperator('MatMulInteger', inputs, { name: 'c', type: INT32, dims: [m, n] });
  const name = right === 'uint8' ? 'ort' : 'ortSigned';
  return run(name, model, { a: new ort.Tensor('uint8', moved(a), [m, k]) }, 2 * m * k * n);
}
