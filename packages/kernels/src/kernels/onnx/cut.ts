import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { InputFile } from '../../kernel.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireData } from './external-data.ts';
import { onnxManifest } from './manifest.ts';
import { describePort, type ModelPort, type OnnxModel, rowBytes } from './model.ts';
import { planRows } from './rows.ts';

/** The model's inputs, and how they are cut. */
export interface Cut {
  /** Cut by rows. */
  rows: ReadonlyMap<string, Tensor>;
  /** Given whole to every unit: inputs of fixed shape beside inputs of open length. */
  whole: ReadonlyMap<string, Tensor>;
  /** Files of weights, given whole to every unit. */
  data: ReadonlyMap<string, Uint8Array>;
  total: number;
  rowsPerUnit: number;
}

/** Matches tensors to the model's inputs. @throws {ReckonError} MODEL_INPUT_MISMATCH, TENSOR_INVALID, TENSOR_TYPE, TENSOR_SHAPE */
export function cutInputs(model: OnnxModel, inputs: ReadonlyMap<string, InputFile>, batch: number): Cut {
  const data = requireData(model.files, (location) => inputs.get(nameOfData(inputs, location))?.bytes);
  checkNames(model, inputs);
  const { fixed, isCut } = planRows(model);
  const rows = new Map<string, Tensor>();
  const whole = new Map<string, Tensor>();
  for (const port of model.inputs) {
    const tensor = decodeNpy(port.name, (inputs.get(port.name) as InputFile).bytes);
    const cut = isCut(port);
    checkTensor(port, tensor, cut);
    (cut ? rows : whole).set(port.name, tensor);
  }
  let total = 0;
  for (const { shape } of rows.values()) total = Math.max(total, shape[0] as number);
  for (const [input, tensor] of rows) {
    if (tensor.shape[0] === total) continue;
    throw shapeError(input, `${total} rows, like the other inputs`, tensor);
  }
  for (const [input, tensor] of rows) {
    if (total > 0 && total % (fixed ?? 1) === 0) continue;
    throw shapeError(
      input,
      fixed === undefined ? 'at least one row' : `a multiple of ${fixed} rows, as the model fixes`,
      tensor,
    );
  }
  // A model of fixed rows runs several times in a unit.
  const wanted = Math.min(batch, total);
  const rowsPerUnit = fixed === undefined ? wanted : Math.max(fixed, wanted - (wanted % fixed));
  return { rows, whole, data, total, rowsPerUnit };
}

/** The input that a file of weights was given as: its place beside the model, or only its name. */
const nameOfData = (inputs: ReadonlyMap<string, InputFile>, location: string): string =>
  inputs.has(location) ? location : location.replace(/^.*\//, '');

function checkNames(model: OnnxModel, inputs: ReadonlyMap<string, InputFile>): void {
  const files = model.files.map(({ location }) => nameOfData(inputs, location));
  const given = [...inputs.keys()].filter((name) => name !== 'model' && !files.includes(name));
  for (const port of model.inputs) {
    const mismatch = (expected: string, received: string) =>
      new ReckonError('MODEL_INPUT_MISMATCH', { input: port.name, expected, received });
    if (port.name === 'model') throw mismatch('another name: "model" is the model file', 'model');
    if (files.includes(port.name)) throw mismatch('another name: a file of weights has this one', port.name);
    if (port.dtype === undefined) throw mismatch('a type that .npy holds', describePort(port));
    if (given.includes(port.name)) continue;
    throw mismatch(`a .npy file, ${describePort(port)}`, given.length === 0 ? 'nothing' : `only ${given.join(', ')}`);
  }
  const known = model.inputs.map((port) => port.name);
  const extra = given.find((name) => !known.includes(name));
  if (extra === undefined) return;
  const expected = `one of the model's inputs: ${known.join(', ')}`;
  throw new ReckonError('MODEL_INPUT_MISMATCH', { input: extra.slice(0, 100), expected, received: 'another name' });
}

function checkTensor(port: ModelPort, tensor: Tensor, cut: boolean): void {
  if (tensor.dtype !== port.dtype) {
    throw new ReckonError('TENSOR_TYPE', { input: port.name, expected: `${port.dtype}`, received: tensor.dtype });
  }
  if (cut && tensor.shape.length === 0) throw shapeError(port.name, 'at least one dimension, the rows', tensor);
  if (port.shape === undefined) return;
  const fits = (size: number | string, i: number) =>
    typeof size === 'string' || (cut && i === 0) || tensor.shape[i] === size;
  if (tensor.shape.length === port.shape.length && port.shape.every(fits)) return;
  throw shapeError(port.name, `[${port.shape.join(', ')}]`, tensor);
}

const shapeError = (input: string, expected: string, tensor: Tensor) =>
  new ReckonError('TENSOR_SHAPE', { input, expected, received: `[${tensor.shape.join(', ')}]` });

/**
 * Outputs must be cut by the same rows and, as far as the model tells their sizes, fit a result.
 * @throws {ReckonError} KERNEL_RESULT_INVALID, KERNEL_RESULT_TOO_LARGE
 */
export function checkOutputs(model: OnnxModel, rowsPerUnit: number): void {
  const kernel = kernelName(onnxManifest);
  const rowsOfRun = planRows(model).fixed ?? rowsPerUnit;
  for (const port of model.outputs) {
    const first = port.shape === undefined ? '?' : port.shape[0];
    if (port.dtype !== undefined && (typeof first === 'string' || first === rowsOfRun)) continue;
    throw new ReckonError('KERNEL_RESULT_INVALID', {
      kernel,
      cause: `model output "${port.name}" is ${describePort(port)}; its first dimension should be the ${rowsOfRun} rows of a run.`,
    });
  }
  const limitBytes = onnxManifest.limits.maxResultBytes;
  const sizeBytes = model.outputs.reduce((sum, port) => sum + rowsPerUnit * rowBytes(port), 0);
  if (sizeBytes > limitBytes) throw new ReckonError('KERNEL_RESULT_TOO_LARGE', { kernel, limitBytes, sizeBytes });
}
