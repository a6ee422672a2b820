import { MAX_UNITS } from '@reckon/protocol/model/job-spec';
import * as v from 'valibot';
import { declaredNumber, parseParamsJson, whole } from '../../params.ts';
import { type DType, elementCount } from '../../tensor/tensor.ts';
import { customWgslManifest } from './manifest.ts';
import { type ElementType, Output, type OutputBinding, Tolerance } from './shader-manifest.ts';

/** A job's parameters. @see customWgslManifest */
export const JobParams = v.strictObject({
  rows: declaredNumber(customWgslManifest, 'rows'),
  units: declaredNumber(customWgslManifest, 'units'),
  params: v.optional(v.pipe(v.string(), v.maxLength(1000)), '{}'),
  seconds: declaredNumber(customWgslManifest, 'seconds'),
});

/** Numbers of rows must fit the shader's u32. */
export const MAX_TOTAL = 2 ** 32 - 1;
export const MAX_ROWS = 16_777_216;

const { name, type, per, shape } = Output.entries;
const UnitOutput = v.strictObject({ name, type, per, shape });
export type UnitOutput = v.InferOutput<typeof UnitOutput>;
const outputs = v.pipe(v.array(UnitOutput), v.minLength(1), v.maxLength(7));

const Unit = v.pipe(
  v.strictObject({
    rows: whole(1, MAX_ROWS),
    firstRow: whole(0, MAX_TOTAL - 1),
    outputs,
    within: v.optional(Tolerance),
  }),
  v.check(
    (unit) => unit.outputs.some((output) => output.type === 'f32') === (unit.within !== undefined),
    'a tolerance where an output is f32, and only there',
  ),
);
/** One work unit: what it gives, and when two results of it agree. */
export type ShaderUnit = v.InferOutput<typeof Unit>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readUnit = (json: string): ShaderUnit => parseParamsJson(customWgslManifest, Unit, json);

const Stage = v.strictObject({ rows: whole(1, MAX_ROWS), total: whole(1, MAX_ROWS * MAX_UNITS), outputs });
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readStage = (json: string): v.InferOutput<typeof Stage> =>
  parseParamsJson(customWgslManifest, Stage, json);

/** What units and stages tell of an output: its place among the shader's bindings is no part of a result. */
export const unitOutput = ({ name, type, per, shape }: OutputBinding): UnitOutput => ({ name, type, per, shape });

/** An output's dimensions in one unit's result; those of one a unit have a first dimension of 1, to be put together along. */
export const resultShape = ({ per, shape }: UnitOutput, rows: number): number[] => [per === 'row' ? rows : 1, ...shape];

/** All elements are of four bytes. */
export const ELEMENT_BYTES = 4;
export const bytesOf = (dimensions: readonly number[]): number => elementCount(dimensions) * ELEMENT_BYTES;

export const DTYPE_OF: Readonly<Record<ElementType, DType>> = { f32: 'float32', i32: 'int32', u32: 'uint32' };
