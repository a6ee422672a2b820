import { atOnce } from '../gemm/banded.ts';
import type { GemmEngine } from '../gemm/engine.ts';
import { loadPlainGemm } from '../gemm/load.ts';
import { multiplyF32, packF32, placeF32 } from '../gemm/f32.ts';
import { multiplyI8 } from '../gemm/i8.ts';
import { placeLeftI8, placeRightI8 } from '../gemm/i8-operands.ts';
import { packI8 } from '../gemm/i8-pack.ts';
import { readRows } from '../gemm/matrix.ts';
import type { Matrix } from '../tensor/matrix.ts';
import { encodeNpy } from '../tensor/npy.ts';

let loaded: Promise<GemmEngine> | undefined;

/** A product by the build without relaxed SIMD, as kernels give it, on devices whose kernels take the other build. */
export async function plainProduct(a: Matrix, b: Matrix): Promise<Uint8Array> {
  loaded ??= loadPlainGemm();
  const engine = await loaded;
  const [m, k] = a.shape;
  const n = b.shape[1];
  const whole = a.dtype === 'int8';
  const product = whole
    ? multiplyI8(engine, placeLeftI8(engine, a.data, m, k), packI8(engine, placeRightI8(engine, b.data, k, n), 'i16'))
    : multiplyF32(engine, placeF32(engine, a.data, m, k), packF32(engine, placeF32(engine, b.data, k, n)));
  // Small products, each once: what they hold ends with the worker.
  const data = readRows(engine.wasm.memory, atOnce<ReturnType<typeof placeF32>>(product));
  return encodeNpy({ dtype: whole ? 'int32' : 'float32', shape: [m, n], data });
}
