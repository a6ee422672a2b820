import { inBands } from '../../gemm/banded.ts';
import { loadGemm } from '../../gemm/load.ts';
import { multiplyI8 } from '../../gemm/i8.ts';
import { placeLeftI8, placeRightI8 } from '../../gemm/i8-operands.ts';
import { chooseWay, packingI8 } from '../../gemm/i8-pack.ts';
import { readRows } from '../../gemm/matrix.ts';
import type { RunContext } from '../../kernel.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Packing counts for nothing in the progress that is shown. */
const quietly = (): void => undefined;

/** C = A · B by WASM SIMD; the same bytes whichever build and way the device takes. */
export async function multiplyOnWasm(a: Tensor, b: Tensor, context: RunContext): Promise<Int32Array> {
  const engine = await loadGemm();
  const { signal } = context;
  signal.throwIfAborted();
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  const left = placeLeftI8(engine, a.data, m, k);
  const held = [left.region];
  try {
    const right = placeRightI8(engine, b.data, k, n);
    held.push(right.region);
    const packed = await inBands(packingI8(engine, right, chooseWay(engine, left, right)), {
      signal,
      progress: quietly,
    });
    held.push(packed.region);
    // Packed, B is not needed as it came.
    right.region.free();
    const c = await inBands(multiplyI8(engine, left, packed), context);
    held.push(c.region);
    return new Int32Array(readRows(engine.wasm.memory, c).buffer);
  } finally {
    for (const region of held) region.free();
  }
}
