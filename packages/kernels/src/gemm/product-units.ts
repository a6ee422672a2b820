import { ReckonError } from '@reckon/protocol/base/errors';
import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';

/** Operations in one unit at most: ten seconds of a slow machine. */
const MAX_OPERATIONS = 20e9;
/** The header of a .npy file of a matrix. */
const HEADER_BYTES = 128;

/** Bytes of a product's rows as .npy of int32 or float32. */
export const productBytes = (rows: number, columns: number): number => rows * columns * 4 + HEADER_BYTES;

/** What one unit multiplies: A [rows, inner] and B [inner, columns]. */
export interface ProductSize {
  rows: number;
  inner: number;
  columns: number;
  /** Bytes that a run holds for each element of A and B, the one it came as included. */
  bytesPerElement: number;
}

/** A unit must fit the manifest's limits. @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function checkProductSize(
  manifest: KernelManifest,
  { rows, inner, columns, bytesPerElement }: ProductSize,
): void {
  const { maxResultBytes, maxMemoryBytes } = manifest.limits;
  const memory = bytesPerElement * inner * (rows + columns) + 8 * rows * columns;
  const checks: [value: number, limit: number, what: string][] = [
    [productBytes(rows, columns), maxResultBytes, 'bytes of result'],
    [memory, maxMemoryBytes, 'bytes of memory'],
    [2 * rows * inner * columns, MAX_OPERATIONS, 'operations'],
  ];
  for (const [value, limit, what] of checks) {
    if (value <= limit) continue;
    throw new ReckonError('KERNEL_PARAMS_INVALID', {
      kernel: kernelName(manifest),
      path: 'rows',
      expected: `a value that gives units of at most ${limit} ${what}`,
      received: `${rows} rows, which give ${value}`,
    });
  }
}
