import type { Arena, Region } from './arena.ts';

/** A matrix in WASM memory, row by row. */
export interface Matrix {
  rows: number;
  columns: number;
  /** Bytes from one row to the next. */
  stride: number;
  region: Region;
}

export const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;
/** Panels of 8 columns, the last one padded. */
export const panelsOf = (columns: number): number => Math.ceil(columns / 8);

/**
 * Bytes from one row to the next, for rows of so many: never a multiple of 1 KiB, since rows that far apart would share a few
 * places of a cache and push each other out.
 */
export const apart = (rowBytes: number): number => (rowBytes % 1024 === 0 ? rowBytes + 64 : rowBytes);

/** Room for a product: 4 bytes an element, rows padded to whole panels, whose surplus elements mean nothing. */
export function allocateProduct(arena: Arena, rows: number, columns: number): Matrix {
  const stride = apart(panelsOf(columns) * 32);
  return { rows, columns, stride, region: arena.allocate(rows * stride) };
}

/** Copies rows of `rowBytes` bytes to `stride` bytes apart, in `memory` at `at`. */
export function writeRows(
  memory: WebAssembly.Memory,
  at: number,
  stride: number,
  source: Uint8Array,
  rowBytes: number,
): void {
  const rows = source.length / rowBytes;
  const target = new Uint8Array(memory.buffer, at, rows * stride);
  if (stride === rowBytes) target.set(source);
  else for (let i = 0; i < rows; i++) target.set(source.subarray(i * rowBytes, (i + 1) * rowBytes), i * stride);
}

/** A matrix's bytes without the padding of its rows; a copy. */
export function readRows(
  memory: WebAssembly.Memory,
  { rows, columns, stride, region }: Matrix,
): Uint8Array<ArrayBuffer> {
  const rowBytes = columns * 4;
  if (stride === rowBytes) return new Uint8Array(memory.buffer.slice(region.at, region.at + rows * stride));
  const from = new Uint8Array(memory.buffer, region.at, rows * stride);
  const out = new Uint8Array(rows * rowBytes);
  for (let i = 0; i < rows; i++) out.set(from.subarray(i * stride, i * stride + rowBytes), i * rowBytes);
  return out;
}
