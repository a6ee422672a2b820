import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onnxReference } from '@reckon/kernels/kernels/onnx/reference';
import { expect, test } from 'vitest';
import { onnxAccuracy } from './accuracy.ts';
import { exportOnnx } from './export-onnx.ts';
import { PIXELS, readMnist } from './mnist.ts';
import { createNetwork } from './network.ts';
import { seededRandom } from './random.ts';

const file = (path: string) => fileURLToPath(new URL(`../../examples/digits/${path}`, import.meta.url));
const mnist = fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url));
const model = Uint8Array.from(readFileSync(file('digits.onnx')));

test('the exported model computes what the trained network does', async () => {
  const random = seededRandom(13);
  const network = createNetwork(random);
  for (const { value } of Object.values(network.parameters))
    value.forEach((_, i) => (value[i] = random.normal() * 0.1));
  const image = Float32Array.from({ length: PIXELS }, () => random.unit());
  const tensor = { dtype: 'float32', shape: [1, 1, 28, 28], data: new Uint8Array(image.buffer) } as const;
  const outputs = await onnxReference(await exportOnnx(network), new Map([['images', tensor]]));
  const scores = new Float32Array((outputs.get('probabilities') as { data: Uint8Array }).data.buffer);
  network.forward(image).forEach((score, i) => expect(scores[i]).toBeCloseTo(score, 5));
});

// The test data is not part of the project; npm run train:digits says where to put it.
test.skipIf(!existsSync(mnist))('the committed model reads at least 97.5 % of the held-back MNIST digits', async () => {
  expect(await onnxAccuracy(model, readMnist(mnist, 8000, 10_000))).toBeGreaterThanOrEqual(0.975);
});

test('the committed model is small, and reads at least 90 % of the drawn digits', async () => {
  expect(model.length).toBeLessThanOrEqual(400_000);
  const npy = readFileSync(file('images.npy'));
  const images = new Float32Array(Uint8Array.from(npy.subarray(128)).buffer);
  const rows = readFileSync(file('labels.csv'), 'utf8').trim().split('\n').slice(1);
  const labels = Uint8Array.from(rows, (row) => Number(row.split(',')[1]));
  expect(labels).toHaveLength(200);
  expect(await onnxAccuracy(model, { images, labels, count: labels.length })).toBeGreaterThanOrEqual(0.9);
});
