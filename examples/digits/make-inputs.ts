import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeNpy } from '@reckon/kernels/tensor/npy';
import { seededRandom } from '../../scripts/train-digits/random.ts';
import { drawDigit } from './draw.ts';

/** `node examples/digits/make-inputs.ts`: writes images.npy and labels.csv: 200 drawn digits, 20 of each, always the same. */

const COUNT = 200;
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const random = seededRandom(1998);
const labels = Uint32Array.from({ length: COUNT }, (_, i) => i % 10);
random.shuffle(labels);
const pixels = new Float32Array(COUNT * 784);
labels.forEach((digit, i) => pixels.set(drawDigit(digit, random), i * 784));
const images = { dtype: 'float32', shape: [COUNT, 1, 28, 28], data: new Uint8Array(pixels.buffer) } as const;
writeFileSync(file('images.npy'), encodeNpy(images));
writeFileSync(file('labels.csv'), `row,label\n${Array.from(labels, (label, row) => `${row},${label}`).join('\n')}\n`);
