import { atOnce } from '@reckon/kernels/gemm/banded';
import { loadGemm } from '@reckon/kernels/gemm/load';
import { multiplyF32, multiplyNarrowF32, NARROW_ROWS, packF32, placeF32 } from '@reckon/kernels/gemm/f32';
import { multiplyI8 } from '@reckon/kernels/gemm/i8';
import { placeLeftI8, placeRightI8 } from '@reckon/kernels/gemm/i8-operands';
import { chooseWay, packI8, type PackedI8 } from '@reckon/kernels/gemm/i8-pack';
import { allocateProduct, readRows } from '@reckon/kernels/gemm/matrix';
import type { Candidate } from './candidate.ts';

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** A, B and C in WASM memory, B packed before: what tfjs does with a weight. */
export async function resident(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Promise<Candidate> {
  const engine = await loadGemm();
  const right = placeF32(engine, bytesOf(b), k, n);
  const packed = packF32(engine, right);
  right.region.free();
  const left = placeF32(engine, bytesOf(a), m, k);
  const c = allocateProduct(engine.arena, m, n);
  return {
    name: 'ours',
    work: 2 * m * k * n,
    run: () => void atOnce(multiplyF32(engine, left, packed, c)),
    result: () => new Float32Array(readRows(engine.wasm.memory, c).buffer),
    dispose() {
      for (const { region } of [packed, left, c]) region.free();
    },
  };
}

/** A copied in, C copied out, B packed before: what a run of an onnxruntime session with a weight does. */
export async function copied(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Promise<Candidate> {
  const engine = await loadGemm();
  const right = placeF32(engine, bytesOf(b), k, n);
  const packed = packF32(engine, right);
  right.region.free();
  let last = new Float32Array();
  return {
    name: 'oursCopied',
    work: 2 * m * k * n,
    run() {
      const left = placeF32(engine, bytesOf(a), m, k);
      const c = atOnce(multiplyF32(engine, left, packed));
      last = new Float32Array(readRows(engine.wasm.memory, c).buffer);
      for (const { region } of [left, c]) region.free();
    },
    result: () => last,
    dispose: () => packed.region.free(),
  };
}

/** All copied in and out, as a work unit does whose B comes with it. */
export async function fresh(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Promise<Candidate> {
  const engine = await loadGemm();
  let last = new Float32Array();
  return {
    name: 'oursFresh',
    work: 2 * m * k * n,
    run() {
      const left = placeF32(engine, bytesOf(a), m, k);
      const right = placeF32(engine, bytesOf(b), k, n);
      const packed = m <= NARROW_ROWS ? undefined : packF32(engine, right);
      const steps = packed === undefined ? multiplyNarrowF32(engine, left, right) : multiplyF32(engine, left, packed);
      const c = atOnce(steps);
      last = new Float32Array(readRows(engine.wasm.memory, c).buffer);
      for (const held of [left, right, packed, c]) held?.region.free();
    },
    result: () => last,
    dispose: () => undefined,
  };
}

/** int8: A copied in, C copied out, B packed before. */
export async function whole(a: Int8Array, b: Int8Array, m: number, k: number, n: number): Promise<Candidate> {
  const engine = await loadGemm();
  let last = new Int32Array();
  const once = (packed: PackedI8) => {
    const left = placeLeftI8(engine, bytesOf(a), m, k);
    const c = atOnce(multiplyI8(engine, left, packed));
    last = new Int32Array(readRows(engine.wasm.memory, c).buffer);
    for (const { region } of [left, c]) region.free();
  };
  const right = placeRightI8(engine, bytesOf(b), k, n);
  const left = placeLeftI8(engine, bytesOf(a), m, k);
  // Of two ways to a product of full range the engine learns in use which is faster here.
  for (let began = performance.now(); performance.now() - began < 300; ) {
    const packed = packI8(engine, right, chooseWay(engine, left, right));
    once(packed);
    packed.region.free();
  }
  const packed = packI8(engine, right, chooseWay(engine, left, right));
  for (const { region } of [left, right]) region.free();
  return {
    name: 'ours',
    work: 2 * m * k * n,
    run: () => once(packed),
    result: () => last,
    dispose: () => packed.region.free(),
  };
}
