import { jsonFault } from '@reckon/protocol/base/json';
import { MAX_UNITS } from '@reckon/protocol/model/job-spec';
import * as v from 'valibot';
import { declaredNumber, parseParams, parseParamsJson, whole } from '../../params.ts';
import { DTYPES, dtypeBytes } from '../../tensor/tensor.ts';
import { customWasmManifest } from './manifest.ts';

const number = (name: string) => declaredNumber(customWasmManifest, name);

/** Longest parameters of a program: they travel in every unit, whose own may have 4,096 characters with escapes. */
const MAX_PROGRAM_PARAMS = 1_500;
/** Largest data of one unit, and largest table: the relay holds all that units share while it admits a job. */
export const MAX_UNIT_BYTES = 32 * 1024 * 1024;
export const MAX_TABLE_BYTES = 32 * 1024 * 1024;

/** Why text is not JSON that programs can read, or undefined. */
function faultOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    // Half of a pair has no UTF-8, which is what programs read.
    return text.isWellFormed() ? undefined : 'half of a character';
  } catch (error) {
    return jsonFault(error);
  }
}

const ProgramParams = v.pipe(
  v.string(),
  v.maxLength(MAX_PROGRAM_PARAMS, `text of at most ${MAX_PROGRAM_PARAMS} characters`),
  v.rawCheck(({ dataset, addIssue }) => {
    const received = dataset.typed ? faultOf(dataset.value) : undefined;
    if (received !== undefined) addIssue({ message: 'JSON as text', received });
  }),
);
const OutputType = v.picklist(['bytes', ...DTYPES]);

const Order = v.strictObject({
  units: number('units'),
  perUnit: number('perUnit'),
  recordBytes: number('recordBytes'),
  params: v.optional(ProgramParams, '{}'),
  seconds: number('seconds'),
  outputType: v.optional(OutputType, 'bytes'),
  outputColumns: number('outputColumns'),
});
/** What the requester asks for. */
export type Order = v.InferOutput<typeof Order>;

const Unit = v.strictObject({
  unit: whole(0, MAX_UNITS - 1),
  units: whole(1, MAX_UNITS),
  /** Bytes of the unit's own data and of the table; absent where the job has none. */
  dataBytes: v.optional(whole(1, MAX_UNIT_BYTES)),
  tableBytes: v.optional(whole(1, MAX_TABLE_BYTES)),
  /** The result has a whole number of these. */
  outputRowBytes: whole(1, 8_000_000),
  params: ProgramParams,
});
/** One work unit. */
export type Unit = v.InferOutput<typeof Unit>;

const Stage = v.strictObject({
  units: whole(1, MAX_UNITS),
  outputType: OutputType,
  outputColumns: whole(1, 1_000_000),
});
export type Stage = v.InferOutput<typeof Stage>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readOrder = (params: unknown): Order => parseParams(customWasmManifest, Order, params);
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readUnit = (json: string): Unit => parseParamsJson(customWasmManifest, Unit, json);
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readStage = (json: string): Stage => parseParamsJson(customWasmManifest, Stage, json);

export const outputRowBytes = ({ outputType, outputColumns }: Pick<Order, 'outputType' | 'outputColumns'>): number =>
  outputType === 'bytes' ? 1 : dtypeBytes(outputType) * outputColumns;
