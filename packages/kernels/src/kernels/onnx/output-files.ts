import { toUtf8 } from '@reckon/protocol/base/bytes';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import { mergeRows, rowsAlike } from '../../tensor/merge-rows.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { predictionsCsv } from './predictions.ts';

/**
 * What each output's files are called, without the ending. Output names may hold slashes and more: a file name keeps letters,
 * digits, dot, dash and underscore. Outputs that would share one are numbered, and so are those that differ in case alone,
 * which some systems do not tell apart.
 */
export function fileStems(outputs: readonly string[]): string[] {
  const taken = new Set<string>();
  return outputs.map((output) => {
    const stem = output.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '_') || 'output';
    let name = stem;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem}-${number}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/**
 * The files of one output. Rows that are of another size in another unit, as where a model pads to the longest of a batch,
 * make no one tensor: then each unit has a file of its own, named by its first and last row.
 */
export function outputFiles(
  stem: string,
  csvName: string,
  units: readonly (Tensor | undefined)[],
  counts: readonly number[],
): NamedPart[] {
  if (!rowsAlike(units)) return unitFiles(stem, units, counts);
  const merged = mergeRows(units, counts);
  if (merged === undefined) return [];
  const known = units.flatMap((unit, i) => Array<boolean>(counts[i] as number).fill(unit !== undefined));
  const csv = predictionsCsv(merged, (row) => known[row] === true);
  return [
    { name: `${stem}.npy`, bytes: encodeNpy(merged) },
    ...(csv === undefined ? [] : [{ name: csvName, bytes: toUtf8(csv) }]),
  ];
}

/** The comma keeps these names apart from those of other outputs, which have none. */
function unitFiles(stem: string, units: readonly (Tensor | undefined)[], counts: readonly number[]): NamedPart[] {
  let next = 0;
  return counts.flatMap((rows, i) => {
    const first = next;
    next += rows;
    const unit = units[i];
    return unit === undefined ? [] : [{ name: `${stem},${first}-${next - 1}.npy`, bytes: encodeNpy(unit) }];
  });
}
