import * as ort from 'onnxruntime-web/wasm';

/** What anyone would write: a worker with a session, which runs what it is sent and moves the answer back. */

ort.env.wasm.numThreads = 1;
const scope = globalThis as unknown as Pick<Worker, 'postMessage' | 'addEventListener'>;
let session: ort.InferenceSession;

const run = async (data: Float32Array, dims: readonly number[]): Promise<Float32Array> => {
  const [input, output] = [session.inputNames[0] as string, session.outputNames[0] as string];
  const answer = await session.run({ [input]: new ort.Tensor('float32', data, dims) });
  return answer[output]?.data as Float32Array;
};

async function answer({ data }: MessageEvent): Promise<void> {
  if (data.model !== undefined) {
    session = await ort.InferenceSession.create(data.model, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
    });
    scope.postMessage('ready');
  } else if (data.alone !== undefined) {
    // Without any message, for comparison.
    const began = performance.now();
    for (let i = 0; i < data.alone; i++) await run(data.x.slice(), data.dims);
    scope.postMessage(performance.now() - began);
  } else {
    const result = await run(data.x, data.dims);
    scope.postMessage(result, [result.buffer]);
  }
}
scope.addEventListener('message', (event) => void answer(event));
