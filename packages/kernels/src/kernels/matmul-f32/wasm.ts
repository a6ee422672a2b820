import { inBands } from '../../gemm/banded.ts';
import { loadGemm } from '../../gemm/load.ts';
import { multiplyF32, multiplyNarrowF32, NARROW_ROWS, packingF32, placeF32 } from '../../gemm/f32.ts';
import { readRows } from '../../gemm/matrix.ts';
import type { RunContext } from '../../kernel.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Packing counts for nothing in the progress that is shown. */
const quietly = (): void => undefined;

/** C = A · B by WASM SIMD, with relaxed SIMD where there is: results agree within a bound, not byte by byte. */
export async function multiplyOnWasm(a: Tensor, b: Tensor, context: RunContext): Promise<Uint8Array> {
  const engine = await loadGemm();
  const { signal } = context;
  signal.throwIfAborted();
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  const left = placeF32(engine, a.data, m, k);
  const held = [left.region];
  try {
    const right = placeF32(engine, b.data, k, n);
    held.push(right.region);
    const packed = async () => {
      const made = await inBands(packingF32(engine, right), { signal, progress: quietly });
      held.push(made.region);
      // Packed, B is not needed as it came.
      right.region.free();
      return multiplyF32(engine, left, made);
    };
    const steps = m <= NARROW_ROWS ? multiplyNarrowF32(engine, left, right) : await packed();
    const c = await inBands(steps, context);
    held.push(c.region);
    return readRows(engine.wasm.memory, c);
  } finally {
    for (const region of held) region.free();
  }
}
