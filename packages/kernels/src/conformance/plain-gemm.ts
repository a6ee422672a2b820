import type { Region } from '../gemm/arena.ts';
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
  const [m] = a.shape;
  const n = b.shape[1];
  const whole = a.dtype === 'int8';
  const held: Region[] = [];
  const hold = <T extends { region: Region }>(made: T): T => {
    held.push(made.region);
    return made;
  };
  try {
    const c = whole ? ofWholeNumbers(engine, a, b, hold) : ofFloats(engine, a, b, hold);
    const data = readRows(engine.wasm.memory, hold(c));
    return encodeNpy({ dtype: whole ? 'int32' : 'float32', shape: [m, n], data });
  } finally {
    for (const region of held) region.free();
  }
}

type Hold = <T extends { region: Region }>(made: T) => T;

function ofWholeNumbers(engine: GemmEngine, a: Matrix, b: Matrix, hold: Hold) {
  const left = hold(placeLeftI8(engine, a.data, a.shape[0], a.shape[1]));
  const right = hold(placeRightI8(engine, b.data, b.shape[0], b.shape[1]));
  return atOnce(multiplyI8(engine, left, hold(packI8(engine, right, 'i16'))));
}

function ofFloats(engine: GemmEngine, a: Matrix, b: Matrix, hold: Hold) {
  const left = hold(placeF32(engine, a.data, a.shape[0], a.shape[1]));
  const right = hold(placeF32(engine, b.data, b.shape[0], b.shape[1]));
  return atOnce(multiplyF32(engine, left, hold(packF32(engine, right))));
}
