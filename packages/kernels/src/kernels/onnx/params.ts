import { MAX_PARAMS_CHARS } from '@reckon/protocol/model/job-spec';
import * as v from 'valibot';
import { declaredNumber, parseParams, parseParamsJson, whole } from '../../params.ts';
import { DTYPES } from '../../tensor/tensor.ts';
import { onnxManifest } from './manifest.ts';
import type { ModelPort } from './model.ts';

const JobParams = v.strictObject({ batch: declaredNumber(onnxManifest, 'batch') });

const Output = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(200)),
  /** Absent when the model has too many outputs to describe them in the parameters. */
  dtype: v.optional(v.picklist(DTYPES)),
  /** Sizes after the first; null where the model leaves one open. */
  tail: v.optional(v.array(v.nullable(v.number()))),
});
/** What one output of a unit must look like. */
export type Output = v.InferOutput<typeof Output>;

const UnitParams = v.strictObject({ rows: whole(1, 1_000_000), outputs: v.pipe(v.array(Output), v.maxLength(64)) });
export type UnitParams = v.InferOutput<typeof UnitParams>;

const StageParams = v.strictObject({
  total: whole(1, 1_000_000_000),
  batch: whole(1, 1_000_000),
  outputs: v.pipe(v.array(v.string()), v.maxLength(64)),
});

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readBatch = (params: unknown): number => parseParams(onnxManifest, JobParams, params).batch;
// All units of a stage but the last have the same.
let lastUnit: { json: string; unit: UnitParams } | undefined;
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function readUnit(json: string): UnitParams {
  if (lastUnit?.json !== json) lastUnit = { json, unit: parseParamsJson(onnxManifest, UnitParams, json) };
  return lastUnit.unit;
}
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readStage = (json: string): v.InferOutput<typeof StageParams> =>
  parseParamsJson(onnxManifest, StageParams, json);

/** A unit's parameters: what its result must look like, as far as there is room to say it. */
export function writeUnit(rows: number, outputs: readonly ModelPort[]): string {
  const full = JSON.stringify({ rows, outputs: outputs.map(describeOutput) });
  if (full.length <= MAX_PARAMS_CHARS) return full;
  return JSON.stringify({ rows, outputs: outputs.map(({ name }) => ({ name })) });
}

function describeOutput({ name, dtype, shape }: ModelPort): Output {
  const tail = shape?.slice(1).map((size) => (typeof size === 'number' ? size : null));
  return { name, ...(dtype && { dtype }), ...(tail && { tail }) };
}
