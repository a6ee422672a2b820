import { writeFileSync } from 'node:fs';
import { encodeNpy } from '@reckon/kernels/tensor/npy';
import { seededRandom } from '../../scripts/train-digits/random.ts';

/** `node examples/custom-wgsl/make-inputs.ts`: writes points.npy, a grid of 128 × 128, and lamps.npy, 512 places by seed. */

const SIDE = 128;
const LAMPS = 512;
const random = seededRandom(2026);

function write(name: string, rows: number, value: (row: number, column: number) => number): void {
  const numbers = Float32Array.from({ length: rows * 2 }, (_, i) => value(i >> 1, i & 1));
  const tensor = { dtype: 'float32' as const, shape: [rows, 2], data: new Uint8Array(numbers.buffer) };
  writeFileSync(new URL(name, import.meta.url), encodeNpy(tensor));
}

write('points.npy', SIDE * SIDE, (row, column) => ((column === 0 ? row % SIDE : Math.floor(row / SIDE)) + 0.5) / SIDE);
write('lamps.npy', LAMPS, () => random.unit());
