import { equalBytes } from '@reckon/protocol/base/bytes';
import type { Random } from '@reckon/protocol/base/ports';
import type { CheckOutcome, UnitInput } from '../../kernel.ts';
import { attempt, requireBlob } from '../../params.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { describeTensor, type Tensor } from '../../tensor/tensor.ts';
import { type Finding, findWrong, loadChecker, prepareSecret, type Secret } from './check-wasm.ts';
import { drawTrials, ERROR_LOG2, largestElement } from './freivalds.ts';
import { matmulManifest } from './manifest.ts';
import { readFactors } from './params.ts';

/**
 * Secret vectors by the blob B they belong to, kept as long as that blob's bytes are: computing u = B · r anew is cheaper
 * than hashing B to look it up by digest. Whoever holds the bytes must not change them.
 */
const secrets = new WeakMap<Uint8Array, Secret>();

/**
 * Is `result` the product, byte for byte? A right one always passes; a wrong one with probability 2⁻⁶³ at most, when
 * `random` was unknown to its maker (`freivalds.ts`).
 * @throws {ReckonError} for bad inputs, as a run of the unit does.
 */
export async function checkProduct(input: UnitInput, result: Uint8Array, random: Random): Promise<CheckOutcome> {
  const { block, a, b } = readFactors(input);
  const [k, n] = b.shape;
  const shape = [block.rows, block.columns];
  const y = attempt(() => decodeNpy('result', result));
  const expected = describeTensor({ dtype: 'int32', shape });
  if (y === undefined || describeTensor(y) !== expected) return { passed: false, cause: `It is not ${expected}.` };
  // A run writes one header; another one would be another result with the same numbers.
  const header = encodeNpy({ dtype: 'int32', shape, data: new Uint8Array() });
  if (!equalBytes(result.subarray(0, result.length - y.data.length), header)) {
    return { passed: false, cause: 'Its header is not the one this kernel writes.' };
  }
  const wasm = await loadChecker();
  const blob = requireBlob(matmulManifest, input.blobs, 'b');
  const secret = secrets.get(blob) ?? prepareSecret(wasm, b, drawTrials(n, random));
  secrets.set(blob, secret);
  const finding = findWrong(wasm, a, y, secret);
  if (finding === undefined) return { passed: true, errorLog2: ERROR_LOG2 };
  // A rejection tells its maker something about r; the next result of this B meets another.
  secrets.delete(blob);
  return { passed: false, cause: describe(finding, y, k) };
}

function describe(finding: Finding, y: Tensor, k: number): string {
  if (finding.kind === 'row') return `Row ${finding.row} is not that of the product.`;
  const { row, column } = finding;
  const at = (row * (y.shape[1] as number) + column) * 4;
  const value = new DataView(y.data.buffer, y.data.byteOffset, y.data.byteLength).getInt32(at, true);
  return `Row ${row}, column ${column} is ${value}; a sum of ${k} products of int8 is at most ${largestElement(k)}.`;
}
