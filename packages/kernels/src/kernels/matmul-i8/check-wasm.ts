import type { Tensor } from '../../tensor/tensor.ts';
import { base64 } from '../../wasm/freivalds.wasm.ts';
import { instantiate, reserve, type WasmExports } from '../../wasm/instantiate.ts';
import { largestElement, TRIALS } from './freivalds.ts';

interface Exports {
  firstBeyond(y: number, count: number, limit: number): number;
  sums(y: number, rows: number, n: number, r: number, out: number): void;
  split(values: number, count: number, digits: number, columns: number, padded: number): void;
  products(a: number, rows: number, k: number, columns: number, digits: number, out: number): void;
  firstDifference(a: number, b: number, count: number): number;
}
type Wasm = WasmExports<Exports>;

let loaded: Promise<Wasm> | undefined;
export const loadChecker = (): Promise<Wasm> => {
  loaded ??= instantiate<Exports>(base64);
  return loaded;
};

/** Vectors r and u = B · r of one matrix B [k, n], as the WASM reads them. */
export interface Secret {
  /** int32 [3, n padded to 8]. */
  r: Int32Array;
  /** u in int16 digits: [9, k padded to 8]. */
  u: Int16Array;
}

/** Digits of 16 bits that hold any r, and any u. */
const R_DIGITS = 2;
const U_DIGITS = 3;
/** Bytes of a matrix in WASM memory at a time: they stay in a processor's cache, and the memory stays small. */
const BAND_BYTES = 256 * 1024;

const padded = (count: number): number => Math.ceil(count / 8) * 8;

/** u = B · r for `r` as int32 [3, n]. */
export function prepareSecret(wasm: Wasm, b: Tensor, r: Int32Array): Secret {
  const [k, n] = b.shape as [number, number];
  const [width, height] = [padded(n), padded(k)];
  const atColumns = TRIALS * n * 8;
  const atU = atColumns + TRIALS * R_DIGITS * width * 2;
  const atDigits = atU + TRIALS * k * 8;
  const atBand = atDigits + TRIALS * U_DIGITS * height * 2;
  reserve(wasm.memory, atBand + bandSize(width));
  const values = new Int32Array(wasm.memory.buffer, 0, TRIALS * n * 2);
  const rows = new Int32Array(TRIALS * width);
  for (let t = 0; t < TRIALS; t++) {
    for (let j = 0; j < n; j++) {
      const value = r[t * n + j] as number;
      rows[t * width + j] = value;
      // An i64 in two halves.
      values[(j * TRIALS + t) * 2] = value;
      values[(j * TRIALS + t) * 2 + 1] = value >> 31;
    }
  }
  // Padding of B is multiplied with these zeros.
  new Uint8Array(wasm.memory.buffer, atColumns, atU - atColumns).fill(0);
  wasm.split(0, n, R_DIGITS, atColumns, width);
  eachBand(wasm, b, 1, atBand, (first, count) => {
    wasm.products(atBand, count, width, atColumns, R_DIGITS, atU + first * TRIALS * 8);
  });
  new Uint8Array(wasm.memory.buffer, atDigits, atBand - atDigits).fill(0);
  wasm.split(atU, k, U_DIGITS, atDigits, height);
  return { r: rows, u: new Int16Array(wasm.memory.buffer, atDigits, TRIALS * U_DIGITS * height).slice() };
}

/** What is wrong with Y, when anything is seen: an element no product can have, or a row that differs. */
export type Finding = { kind: 'range'; row: number; column: number } | { kind: 'row'; row: number };

/** Compares Y · r with A · u; Y int32 [m, n], A int8 [m, k]. */
export function findWrong(wasm: Wasm, a: Tensor, y: Tensor, { r, u }: Secret): Finding | undefined {
  const [m, k] = a.shape as [number, number];
  const [width, height] = [padded(y.shape[1] as number), padded(k)];
  const atU = r.byteLength;
  const atLeft = atU + u.byteLength + (u.byteLength % 8);
  const atRight = atLeft + m * TRIALS * 8;
  const atBand = atRight + m * TRIALS * 8;
  reserve(wasm.memory, atBand + Math.max(bandSize(width * 4), bandSize(height)));
  new Int32Array(wasm.memory.buffer, 0, r.length).set(r);
  new Int16Array(wasm.memory.buffer, atU, u.length).set(u);
  let finding: Finding | undefined;
  eachBand(wasm, y, 4, atBand, (first, count) => {
    const beyond = finding === undefined ? wasm.firstBeyond(atBand, count * width, largestElement(k)) : -1;
    if (beyond >= 0) finding = { kind: 'range', row: first + Math.floor(beyond / width), column: beyond % width };
    else wasm.sums(atBand, count, width, 0, atLeft + first * TRIALS * 8);
  });
  if (finding !== undefined) return finding;
  eachBand(wasm, a, 1, atBand, (first, count) => {
    wasm.products(atBand, count, height, atU, U_DIGITS, atRight + first * TRIALS * 8);
  });
  const wrong = wasm.firstDifference(atLeft, atRight, m * TRIALS);
  return wrong < 0 ? undefined : { kind: 'row', row: Math.floor(wrong / TRIALS) };
}

/** Room for at least one row of so many bytes. */
const bandSize = (rowBytes: number): number => Math.max(BAND_BYTES, rowBytes);

/** Copies a matrix band by band to `at`, rows padded to 8 elements with zeros, and calls `use` for each band. */
function eachBand(
  wasm: Wasm,
  { shape, data }: Tensor,
  elementBytes: number,
  at: number,
  use: (firstRow: number, rows: number) => void,
): void {
  const [rows, columns] = shape as [number, number];
  const rowBytes = columns * elementBytes;
  const stride = padded(columns) * elementBytes;
  const most = Math.max(1, Math.floor(BAND_BYTES / stride));
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    const band = new Uint8Array(wasm.memory.buffer, at, count * stride);
    if (stride === rowBytes) band.set(data.subarray(first * rowBytes, (first + count) * rowBytes));
    else {
      band.fill(0);
      for (let i = 0; i < count; i++) {
        band.set(data.subarray((first + i) * rowBytes, (first + i + 1) * rowBytes), i * stride);
      }
    }
    use(first, count);
  }
}
