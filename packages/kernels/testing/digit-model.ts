import { readFileSync } from 'node:fs';
import type { Tensor } from '../src/tensor/tensor.ts';

/** The committed digit classifier. */
export const digitModel = (): Uint8Array =>
  Uint8Array.from(readFileSync(new URL('../../../examples/digits/digits.onnx', import.meta.url)));

/** Patterns of the shape of digit images; what they show does not matter. */
export function patterns(rows: number): Tensor {
  const pixels = Float32Array.from({ length: rows * 784 }, (_, i) => ((i * 7919) % 256) / 255);
  return { dtype: 'float32', shape: [rows, 1, 28, 28], data: new Uint8Array(pixels.buffer) };
}
