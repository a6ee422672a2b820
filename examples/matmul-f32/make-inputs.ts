import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeNpy } from '@reckon/kernels/tensor/npy';
import { seededRandom } from '../../scripts/train-digits/random.ts';

/** `node examples/matmul-f32/make-inputs.ts`: writes the two matrices of the example, always the same ones, −1 to 1. */

const random = seededRandom(9);
for (const [name, rows, columns] of [
  ['a.npy', 256, 192],
  ['b.npy', 192, 128],
] as const) {
  const numbers = Float32Array.from({ length: rows * columns }, () => 2 * random.unit() - 1);
  writeFileSync(
    fileURLToPath(new URL(name, import.meta.url)),
    encodeNpy({ dtype: 'float32', shape: [rows, columns], data: new Uint8Array(numbers.buffer) }),
  );
}
