import { yieldToMessages } from '../../engine/yield.ts';
import type { RunContext } from '../../kernel.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { instantiate, reserve, type WasmExports } from '../../wasm/instantiate.ts';
import { base64 } from '../../wasm/matmul-i8.wasm.ts';

interface Exports {
  multiply(a: number, b: number, c: number, m: number, n: number, k: number): void;
}

let loaded: Promise<WasmExports<Exports>> | undefined;

/** Multiplications between two looks at the signal: a few ms. */
const BAND = 100_000_000;

const roundUp = (value: number, to: number) => Math.ceil(value / to) * to;

/** C = A · B by WASM SIMD on int16 copies: B by columns, both padded with zeros to whole vectors. */
export async function multiplyOnWasm(a: Tensor, b: Tensor, context: RunContext): Promise<Int32Array> {
  loaded ??= instantiate<Exports>(base64);
  const { memory, multiply } = await loaded;
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  const paddedK = roundUp(k, 8);
  const paddedN = roundUp(n, 4);
  const atB = m * paddedK * 2;
  const atC = atB + paddedN * paddedK * 2;
  reserve(memory, atC + m * paddedN * 4);
  const left = new Int16Array(memory.buffer, 0, m * paddedK).fill(0);
  const right = new Int16Array(memory.buffer, atB, paddedN * paddedK).fill(0);
  const from = new Int8Array(a.data.buffer, a.data.byteOffset, a.data.length);
  const other = new Int8Array(b.data.buffer, b.data.byteOffset, b.data.length);
  for (let i = 0; i < m; i++) left.set(from.subarray(i * k, (i + 1) * k), i * paddedK);
  for (let p = 0; p < k; p++) {
    for (let j = 0; j < n; j++) right[j * paddedK + p] = other[p * n + j] as number;
  }
  const band = Math.max(2, Math.floor(BAND / (paddedN * paddedK)));
  for (let row = 0; row < m; row += band) {
    context.signal.throwIfAborted();
    const rows = Math.min(band, m - row);
    multiply(row * paddedK * 2, atB, atC + row * paddedN * 4, rows, paddedN, paddedK);
    context.progress((row + rows) / m);
    if (row + rows < m) await yieldToMessages();
  }
  context.signal.throwIfAborted();
  const padded = new Int32Array(memory.buffer, atC, m * paddedN);
  if (paddedN === n) return padded.slice();
  const c = new Int32Array(m * n);
  for (let i = 0; i < m; i++) c.set(padded.subarray(i * paddedN, i * paddedN + n), i * n);
  return c;
}
