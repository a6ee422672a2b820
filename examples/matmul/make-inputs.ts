import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeNpy } from '@reckon/kernels/tensor/npy';
import { seededRandom } from '../../scripts/train-digits/random.ts';

/** `node examples/matmul/make-inputs.ts`: writes the two matrices of the example, always the same ones. */

const random = seededRandom(8);
for (const [name, rows, columns] of [
  ['a.npy', 512, 384],
  ['b.npy', 384, 256],
] as const) {
  const data = Uint8Array.from({ length: rows * columns }, () => Math.floor(random.unit() * 256));
  writeFileSync(
    fileURLToPath(new URL(name, import.meta.url)),
    encodeNpy({ dtype: 'int8', shape: [rows, columns], data }),
  );
}
