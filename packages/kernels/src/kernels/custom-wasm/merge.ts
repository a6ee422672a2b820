import { concat, toUtf8 } from '@reckon/protocol/base/bytes';
import { toJson } from '@reckon/protocol/base/json';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import { encodeNpy } from '../../tensor/npy.ts';
import { outputRowBytes, type Stage } from './params.ts';
import { writtenBytes } from './result.ts';

/**
 * What all units wrote, one after the other: `output.bin`, or `output.npy` where the requester said what the numbers are.
 * `outputs.json` tells where each unit's part begins, and which units are missing.
 */
export function mergeOutputs(stage: Stage, results: readonly (Uint8Array | undefined)[]): NamedPart[] {
  const { outputType, outputColumns } = stage;
  const pieces = Array.from({ length: stage.units }, (_, i) => results[i] && writtenBytes(results[i]));
  let offset = 0;
  const units = pieces.map((piece, unit) => {
    const entry = piece && { unit, offset, bytes: piece.length };
    offset += piece?.length ?? 0;
    return entry;
  });
  const data = concat(...pieces.filter((piece) => piece !== undefined));
  const rows = data.length / outputRowBytes(stage);
  const file: NamedPart =
    outputType === 'bytes'
      ? { name: 'output.bin', bytes: data }
      : {
          name: 'output.npy',
          bytes: encodeNpy({ dtype: outputType, shape: outputColumns === 1 ? [rows] : [rows, outputColumns], data }),
        };
  const index = {
    file: file.name,
    // In a .npy file the numbers begin behind its header.
    firstByte: file.bytes.length - data.length,
    units: units.filter((unit) => unit !== undefined),
    missing: pieces.flatMap((piece, unit) => (piece === undefined ? [unit] : [])),
  };
  return [file, { name: 'outputs.json', bytes: toUtf8(`${toJson(index)}\n`) }];
}
