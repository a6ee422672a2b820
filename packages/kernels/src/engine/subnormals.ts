/**
 * The vector unit of 32-bit ARM takes floats below the least normal one for 0, though WebAssembly forbids it
 * (https://github.com/WebAssembly/simd/issues/2). Kernels whose float results are compared byte for byte cannot run there.
 *
 * Two functions, (i32) -> i32 and (i64) -> i64: the argument's bits as a float in each lane, added to itself in
 * f32x4 and in f64x2, and the bits of one lane of the sum. Assembled from
 *
 *   (func (export "f") (param i32) (result i32) (i32x4.extract_lane 0 (f32x4.add (i32x4.splat (local.get 0)) (i32x4.splat (local.get 0)))))
 *   (func (export "d") (param i64) (result i64) (i64x2.extract_lane 0 (f64x2.add (i64x2.splat (local.get 0)) (i64x2.splat (local.get 0)))))
 */
const ADDITIONS = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 11, 2, 96, 1, 127, 1, 127, 96, 1, 126, 1, 126, 3, 3, 2, 0, 1, 7, 9, 2, 1, 102, 0, 0,
  1, 100, 0, 1, 10, 35, 2, 16, 0, 32, 0, 253, 17, 32, 0, 253, 17, 253, 228, 1, 253, 27, 0, 11, 16, 0, 32, 0, 253, 18,
  32, 0, 253, 18, 253, 240, 1, 253, 29, 0, 11,
];

/** Adds a float, given by its bits, to itself in a vector. */
export interface VectorAdditions {
  f(bits: number): number;
  d(bits: bigint): bigint;
}

/** @throws {WebAssembly.CompileError} without SIMD. */
async function loadAdditions(): Promise<VectorAdditions> {
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(ADDITIONS), {});
  return instance.exports as unknown as VectorAdditions;
}

/** Are sums of subnormal floats in WASM's vectors what the specification says? Not where there are no vectors. Never rejects. */
export async function keepsSubnormals(load: () => Promise<VectorAdditions> = loadAdditions): Promise<boolean> {
  try {
    const { f, d } = await load();
    // The bits of a subnormal are its multiple of the least one.
    return f(3) === 6 && d(3n) === 6n;
  } catch {
    return false;
  }
}
