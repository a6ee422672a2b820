import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** Grey images in [0, 1], row by row, and the digit in each. */
export interface Digits {
  images: Float32Array;
  labels: Uint8Array;
  count: number;
}

/** Reads the MNIST test set in IDX files (LeCun, Cortes, Burges), images `from` to `to` - 1. */
export function readMnist(folder: string, from: number, to: number): Digits {
  const pixels = gunzipSync(readFileSync(`${folder}/t10k-images-idx3-ubyte.gz`)).subarray(16);
  const labels = gunzipSync(readFileSync(`${folder}/t10k-labels-idx1-ubyte.gz`)).subarray(8);
  const images = Float32Array.from(pixels.subarray(from * PIXELS, to * PIXELS), (value) => value / 255);
  return { images, labels: Uint8Array.from(labels.subarray(from, to)), count: to - from };
}
