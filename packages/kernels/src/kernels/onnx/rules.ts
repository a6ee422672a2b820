import { type NamedPart, unpackParts } from '@reckon/protocol/base/named-parts';
import type { KernelRules } from '../../kernel.ts';
import { attempt, reasonOf, requireInput } from '../../params.ts';
import { checkUnitCount, unitCost } from '../../plan.ts';
import { missingRows, rowCounts } from '../../tensor/merge-rows.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { describeTensor, sliceRows, type Tensor } from '../../tensor/tensor.ts';
import { outputsAgree } from './agreement.ts';
import { checkOutputs, cutInputs } from './cut.ts';
import { onnxManifest } from './manifest.ts';
import { readModel } from './model.ts';
import { fileStems, outputFiles } from './output-files.ts';
import { type Output, readBatch, readStage, readUnit, writeUnit } from './params.ts';
import { unitSheet } from './sheet.ts';

/** How often a typical network reads each weight for one row: convolutions many times, dense layers once. */
const WEIGHT_USES = 20;

const tensorsOf = (result: Uint8Array) =>
  unpackParts(result).map(({ name, bytes }) => ({ name, tensor: decodeNpy(name, bytes) }));

/** Rows of tensors in, the model's outputs for them out. */
export const onnxRules: KernelRules = {
  manifest: onnxManifest,
  async split(params, inputs) {
    const batch = readBatch(params);
    const file = requireInput(onnxManifest, inputs, 'model');
    const model = await readModel(file.fileName, file.bytes);
    const cut = cutInputs(model, inputs, batch);
    checkOutputs(model, cut.rowsPerUnit);
    const counts = rowCounts(cut.total, cut.rowsPerUnit);
    checkUnitCount(onnxManifest, 'batch', cut.rowsPerUnit, counts.length);
    const slice = (tensor: Tensor, i: number) =>
      encodeNpy(sliceRows(tensor, i * cut.rowsPerUnit, i * cut.rowsPerUnit + (counts[i] as number)));
    return {
      units: counts.map((rows, i) => ({
        params: writeUnit(rows, model.outputs),
        blobs: [...cut.rows].map(([name, tensor]) => ({ name, bytes: slice(tensor, i) })),
      })),
      shared: [
        { name: 'model', bytes: file.bytes },
        ...[...cut.data].map(([name, bytes]) => ({ name, bytes })),
        ...[...cut.whole].map(([name, tensor]) => ({ name, bytes: encodeNpy(tensor) })),
      ],
      stageParams: JSON.stringify({
        total: cut.total,
        batch: cut.rowsPerUnit,
        outputs: model.outputs.map((port) => port.name),
      }),
      ...unitCost((2 * model.weights * WEIGHT_USES * cut.rowsPerUnit) / 1e9),
    };
  },
  inspect: (params, result) =>
    reasonOf(() => {
      const unit = readUnit(params);
      const tensors = tensorsOf(result);
      const names = tensors.map(({ name }) => name).join(', ');
      const expected = unit.outputs.map(({ name }) => name).join(', ');
      if (names !== expected) return `expected the outputs ${expected}, got ${names || 'none'}`;
      const odd = unit.outputs.findIndex(
        (output, i) => !fits(output, unit.rows, (tensors[i] as { tensor: Tensor }).tensor),
      );
      if (odd < 0) return undefined;
      const { name, dtype, tail } = unit.outputs[odd] as Output;
      const shape = [unit.rows, ...(tail?.map((size) => size ?? '?') ?? ['…'])].join(', ');
      return `expected "${name}" ${dtype ?? ''} [${shape}], got ${describeTensor((tensors[odd] as { tensor: Tensor }).tensor)}`;
    }),
  agree(a, b) {
    const left = attempt(() => tensorsOf(a));
    const right = attempt(() => tensorsOf(b));
    if (left === undefined || right === undefined || left.length !== right.length) return false;
    return left.every(({ name, tensor }, i) => {
      const other = right[i] as { name: string; tensor: Tensor };
      return name === other.name && outputsAgree(tensor, other.tensor);
    });
  },
  merge(stageParams, results) {
    const { total, batch, outputs } = readStage(stageParams);
    const counts = rowCounts(total, batch);
    const units = counts.map((_, i) => results[i] && tensorsOf(results[i]));
    const stems = fileStems(outputs);
    const files = stems.flatMap((stem, at): NamedPart[] => {
      const csvName = stems.length === 1 ? 'predictions.csv' : `predictions-${stem}.csv`;
      return outputFiles(
        stem,
        csvName,
        units.map((unit) => unit?.[at]?.tensor),
        counts,
      );
    });
    return [...files, ...missingRows(results, counts)];
  },
  preview(params, blobs, result) {
    const unit = readUnit(params);
    const { rows, outputs } = unit;
    const inputs = [...blobs].flatMap(([name, bytes]) =>
      name === 'model' ? [] : (attempt(() => decodeNpy(name, bytes)) ?? []),
    );
    const results = result && attempt(() => tensorsOf(result).map(({ tensor }) => tensor));
    const sheet = unitSheet(unit, inputs, results);
    if (sheet !== undefined) return sheet;
    return {
      kind: 'text',
      text: `${rows} rows through a neural network, giving ${outputs.map(({ name }) => name).join(', ')}`,
    };
  },
};

function fits({ dtype, tail }: Output, rows: number, tensor: Tensor): boolean {
  if (tensor.shape[0] !== rows) return false;
  if (dtype !== undefined && tensor.dtype !== dtype) return false;
  if (tail === undefined) return true;
  return (
    tail.length === tensor.shape.length - 1 && tail.every((size, i) => size === null || size === tensor.shape[i + 1])
  );
}
