import { ReckonError } from '@reckon/protocol/base/errors';
import { describePort, type ModelPort, type OnnxModel } from './model.ts';

/** How a model takes rows. */
export interface RowPlan {
  /** Rows of each run, where the model fixes them; undefined where it takes any number. */
  fixed: number | undefined;
  /** Is this input cut by rows, or given whole to every run? */
  isCut(port: ModelPort): boolean;
}

/**
 * Inputs with an open first dimension are cut by rows, and those of fixed shape beside them go whole to every run. Where all
 * are fixed, all are cut, and a run takes just as many rows as the model says.
 * @throws {ReckonError} MODEL_INPUT_MISMATCH naming an input with another first dimension than the others.
 */
export function planRows(model: OnnxModel): RowPlan {
  if (model.inputs.some(isOpen)) return { fixed: undefined, isCut: isOpen };
  const first = model.inputs[0]?.shape?.[0];
  const odd = model.inputs.find(({ shape }) => typeof first !== 'number' || shape?.[0] !== first);
  if (typeof first === 'number' && odd === undefined) return { fixed: first, isCut: () => true };
  throw new ReckonError('MODEL_INPUT_MISMATCH', {
    input: odd?.name ?? '',
    expected: `first dimension ${first ?? '1 or more'}, as rows are cut together (export it with an open first dimension)`,
    received: odd === undefined ? 'none' : describePort(odd),
  });
}

/** Is the first dimension a symbol, so that any number of rows fits? */
const isOpen = (port: ModelPort): boolean => port.shape === undefined || typeof port.shape[0] === 'string';

/** What one run may take of memory besides the weights. */
const RUN_BYTES = 256 * 2 ** 20;

/**
 * Rows of each run of a unit: those the model fixes, or as many as memory is likely to allow, and the same for each but the
 * last. `widest` is the most bytes that one value may have, where the device has a limit.
 */
export function rowsPerRun(
  model: OnnxModel,
  { fixed }: RowPlan,
  rows: number,
  widest = Number.POSITIVE_INFINITY,
): number {
  if (fixed !== undefined) return fixed;
  const most = Math.floor(
    Math.min(RUN_BYTES / Math.max(1, model.rowBytes), widest / Math.max(1, model.widestRowBytes)),
  );
  const runs = Math.ceil(rows / Math.max(1, most));
  return Math.ceil(rows / runs);
}
