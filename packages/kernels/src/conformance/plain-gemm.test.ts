import { expect, test } from 'vitest';
import { float32Matrix, int8Matrix } from '../../testing/matrices.ts';
import { watchMemory } from '../../testing/memory-watch.ts';
import { readMatrix } from '../tensor/matrix.ts';
import { encodeNpy } from '../tensor/npy.ts';
import { plainProduct } from './plain-gemm.ts';

test('products by the plain build leave no memory behind', async () => {
  const watch = watchMemory();
  try {
    const [f, g] = [float32Matrix, int8Matrix].map((make, i) => {
      const dtype = i === 0 ? 'float32' : 'int8';
      const matrix = (name: string, rows: number, columns: number) =>
        readMatrix(name, encodeNpy(make(rows, columns, rows)), dtype);
      return () => plainProduct(matrix('a', 60, 300), matrix('b', 300, 70));
    }) as [() => Promise<Uint8Array>, () => Promise<Uint8Array>];
    const useAfter = async (products: number) => {
      for (let i = 0; i < products; i++) await Promise.all([f(), g()]);
      return (await watch.use()).wasmBytes;
    };
    const once = await useAfter(1);
    expect(once).toBeGreaterThan(0);
    expect(await useAfter(20)).toBe(once);
  } finally {
    watch.stop();
  }
});
