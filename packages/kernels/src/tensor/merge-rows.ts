import { toUtf8 } from '@reckon/protocol/base/bytes';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import { concatRows, describeTensor, dtypeBytes, elementCount, type Tensor } from './tensor.ts';

/** Rows of each unit when `total` rows are cut every `each`; the last may be shorter. */
export function rowCounts(total: number, each: number): number[] {
  const units = Math.ceil(total / each);
  return Array.from({ length: units }, (_, i) => Math.min(each, total - i * each));
}

/** Are the units' rows, as far as they are there, of one type and size, so that they can be put together? */
export function rowsAlike(units: readonly (Tensor | undefined)[]): boolean {
  const kinds = units.map((unit) => unit && describeTensor({ dtype: unit.dtype, shape: unit.shape.slice(1) }));
  return new Set(kinds.filter((kind) => kind !== undefined)).size <= 1;
}

/** Units' tensors, whose rows are alike, one after the other. Rows of a missing unit are NaN, or 0 in whole-number types; undefined when all are missing. */
export function mergeRows(units: readonly (Tensor | undefined)[], counts: readonly number[]): Tensor | undefined {
  const known = units.find((unit) => unit !== undefined);
  if (known === undefined) return undefined;
  return concatRows(counts.map((rows, i) => units[i] ?? blankRows(known, rows)));
}

const HALF_NAN = 0x7e00;

function blankRows({ dtype, shape }: Tensor, rows: number): Tensor {
  const blank = [rows, ...shape.slice(1)];
  const data = new Uint8Array(elementCount(blank) * dtypeBytes(dtype));
  if (dtype === 'float32') new Float32Array(data.buffer).fill(Number.NaN);
  if (dtype === 'float16') new Uint16Array(data.buffer).fill(HALF_NAN);
  if (dtype === 'float64') new Float64Array(data.buffer).fill(Number.NaN);
  return { dtype, shape: blank, data };
}

/** `missing-rows.csv`, which says what a merged file lacks; no file when nothing is missing. */
export function missingRows(results: readonly (Uint8Array | undefined)[], counts: readonly number[]): NamedPart[] {
  const lines: string[] = [];
  counts.reduce((from, rows, i) => {
    if (results[i] === undefined) lines.push(`${from},${from + rows - 1}`);
    return from + rows;
  }, 0);
  if (lines.length === 0) return [];
  return [{ name: 'missing-rows.csv', bytes: toUtf8(`first,last\n${lines.join('\n')}\n`) }];
}
