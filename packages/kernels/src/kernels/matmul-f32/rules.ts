import * as v from 'valibot';
import { mergeProduct, planProduct, previewProduct } from '../../gemm/product-stage.ts';
import { productBytes } from '../../gemm/product-units.ts';
import type { KernelRules } from '../../kernel.ts';
import { attempt, declaredNumber, parseParams, reasonOf, requireInput } from '../../params.ts';
import { readMatrix } from '../../tensor/matrix.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import { describeTensor, toNumbers } from '../../tensor/tensor.ts';
import { boundOf, checkRoom } from './bound.ts';
import { columnSquares, groupSize, readLengths, rowSquares, writeLengths } from './lengths.ts';
import { matmulF32Manifest } from './manifest.ts';
import { type Block, BYTES_PER_ELEMENT, checkSides, MOST_GROUPS, readBlock } from './params.ts';

const Params = v.strictObject({ rows: declaredNumber(matmulF32Manifest, 'rows') });

/** Blocks of rows of A in, the product's rows out. */
export const matmulF32Rules: KernelRules = {
  manifest: matmulF32Manifest,
  split(params, inputs) {
    const { rows } = parseParams(matmulF32Manifest, Params, params);
    const a = readMatrix('a', requireInput(matmulF32Manifest, inputs, 'a').bytes, 'float32');
    const right = requireInput(matmulF32Manifest, inputs, 'b').bytes;
    const b = readMatrix('b', right, 'float32');
    checkSides(a, b);
    const [inner, columns] = b.shape;
    const product = { rows, a, b, right, bytesPerElement: BYTES_PER_ELEMENT };
    return planProduct(matmulF32Manifest, product, (counts) => {
      const [lefts, rights] = [rowSquares('a', a), columnSquares('b', b)];
      const columnLengths = writeLengths(rights, groupSize(columns, columnGroups(counts.length)));
      return (i): Block => {
        const count = counts[i] as number;
        const own = lefts.subarray(i * rows, i * rows + count);
        const rowLengths = writeLengths(own, groupSize(count, MOST_GROUPS.rows));
        checkRoom(readLengths(rowLengths), readLengths(columnLengths));
        return { rows: count, inner, columns, rowLengths, columnLengths };
      };
    });
  },
  resultBytes(params) {
    const { rows, columns } = readBlock(params);
    return productBytes(rows, columns);
  },
  inspect: (params, result) =>
    reasonOf(() => {
      const { rows, columns } = readBlock(params);
      const tensor = decodeNpy('result', result);
      const [received, expected] = [
        describeTensor(tensor),
        describeTensor({ dtype: 'float32', shape: [rows, columns] }),
      ];
      if (received !== expected) return `expected ${expected}, got ${received}`;
      const values = toNumbers(tensor);
      for (let at = 0; at < values.length; at++) {
        if (Number.isFinite(values[at])) continue;
        return `row ${Math.floor(at / columns)}, column ${at % columns} is ${values[at]}`;
      }
      return undefined;
    }),
  agree(a, b, params) {
    const numbers = attempt(() => ({ ...readBlock(params), left: decodeNpy('a', a), right: decodeNpy('b', b) }));
    if (numbers === undefined) return false;
    const { rows, columns } = numbers;
    const expected = describeTensor({ dtype: 'float32', shape: [rows, columns] });
    if (describeTensor(numbers.left) !== expected || describeTensor(numbers.right) !== expected) return false;
    const [left, right] = [toNumbers(numbers.left), toNumbers(numbers.right)];
    let bounds = new Float64Array();
    const [height, width] = [groupHeight(numbers), groupWidth(numbers)];
    for (let i = 0; i < rows; i++) {
      if (i % height === 0) bounds = boundsOf(numbers, i / height);
      for (let j = 0; j < columns; j++) {
        const at = i * columns + j;
        const apart = Math.abs((left[at] as number) - (right[at] as number));
        // NaN is within no bound.
        if (!(apart <= (bounds[Math.floor(j / width)] as number))) return false;
      }
    }
    return true;
  },
  merge: (stageParams, results) => mergeProduct(matmulF32Manifest, stageParams, results),
  preview: (params) => previewProduct(readBlock(params)),
};

/** All units' parameters go into one job spec of at most 2 MiB, so there are fewer groups where there are many units. */
const columnGroups = (units: number): number =>
  Math.max(32, Math.min(MOST_GROUPS.columns, Math.floor(2 ** 17 / units)));

const groupHeight = ({ rows, rowLengths }: Block): number => groupSize(rows, rowLengths.length / 2);
const groupWidth = ({ columns, columnLengths }: Block): number => groupSize(columns, columnLengths.length / 2);

/** Bounds of elements in a group of rows, by group of columns. */
function boundsOf({ inner, rowLengths, columnLengths }: Block, group: number): Float64Array<ArrayBuffer> {
  const row = readLengths(rowLengths)[group] as number;
  return Float64Array.from(readLengths(columnLengths), (column) => boundOf(inner, row, column));
}
