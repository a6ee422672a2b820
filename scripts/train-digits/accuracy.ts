import { type Digits, PIXELS } from './mnist.ts';

/** Rows per run of the model. */
const BATCH = 500;

/** Share of digits an ONNX model gets right, run by onnxruntime-web on WebAssembly: the way the network will run it. */
export async function onnxAccuracy(model: Uint8Array, digits: Digits): Promise<number> {
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  let right = 0;
  for (let from = 0; from < digits.count; from += BATCH) {
    const rows = Math.min(BATCH, digits.count - from);
    const pixels = digits.images.slice(from * PIXELS, (from + rows) * PIXELS);
    const answer = await session.run({ images: new ort.Tensor('float32', pixels, [rows, 1, 28, 28]) });
    const scores = answer['probabilities']?.data as Float32Array;
    for (let i = 0; i < rows; i++) {
      const row = scores.subarray(i * 10, i * 10 + 10);
      if (row.indexOf(Math.max(...row)) === digits.labels[from + i]) right++;
    }
  }
  await session.release();
  return right / digits.count;
}
