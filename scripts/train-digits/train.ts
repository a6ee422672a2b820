import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onnxAccuracy } from './accuracy.ts';
import { augment } from './augment.ts';
import { exportOnnx } from './export-onnx.ts';
import { PIXELS, readMnist } from './mnist.ts';
import { adamStep, createNetwork } from './network.ts';
import { seededRandom } from './random.ts';

/** `npm run train:digits`: trains the digit classifier on MNIST 0-7999 and writes examples/digits/digits.onnx. */

const SEED = 20_261_120;
const EPOCHS = 16;
const BATCH = 32;
const PEAK_RATE = 0.002;
const REQUIRED = 0.975;

const data = fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url));
const target = fileURLToPath(new URL('../../examples/digits/digits.onnx', import.meta.url));
if (!existsSync(data)) {
  console.error(
    `The MNIST files are not at ${data}. Put t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz there.`,
  );
  process.exit(1);
}

const began = Date.now();
const random = seededRandom(SEED);
const train = readMnist(data, 0, 8000);
const test = readMnist(data, 8000, 10_000);
const network = createNetwork(random);
const order = Uint32Array.from({ length: train.count }, (_, i) => i);
const image = new Float32Array(PIXELS);
const steps = EPOCHS * Math.ceil(train.count / BATCH);
let step = 0;
for (let epoch = 1; epoch <= EPOCHS; epoch++) {
  random.shuffle(order);
  let loss = 0;
  for (let from = 0; from < train.count; from += BATCH) {
    const batch = order.subarray(from, from + BATCH);
    for (const index of batch) {
      augment(train.images.subarray(index * PIXELS, (index + 1) * PIXELS), image, random);
      network.forward(image);
      loss += network.backward(train.labels[index] as number);
    }
    // Half a cosine down to zero: large steps first, the last ones only polish.
    adamStep(network, PEAK_RATE * 0.5 * (1 + Math.cos((Math.PI * step) / steps)), step + 1, batch.length);
    step++;
  }
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`epoch ${epoch}/${EPOCHS}  loss ${(loss / train.count).toFixed(4)}  ${seconds} s`);
}

const model = await exportOnnx(network);
const accuracy = await onnxAccuracy(model, test);
console.log(`accuracy on MNIST 8000-9999, by onnxruntime-web: ${(accuracy * 100).toFixed(2)} %`);
if (accuracy < REQUIRED) {
  console.error(`That is below ${REQUIRED * 100} %; the model was not written.`);
  process.exit(1);
}
writeFileSync(target, model);
console.log(`wrote ${target}, ${model.length} bytes`);
