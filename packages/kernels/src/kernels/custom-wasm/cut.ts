import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { InputFile } from '../../kernel.ts';
import { checkUnitCount } from '../../plan.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import { describeTensor } from '../../tensor/tensor.ts';
import { customWasmManifest } from './manifest.ts';
import { MAX_UNIT_BYTES, type Order } from './params.ts';

export const invalid = (path: string, expected: string, received: string): ReckonError =>
  new ReckonError('KERNEL_PARAMS_INVALID', { kernel: kernelName(customWasmManifest), path, expected, received });

/** A file as programs read it: of a .npy file only the numbers, little-endian, row by row. @throws {ReckonError} TENSOR_INVALID */
export function bareBytes(input: string, { fileName, bytes }: InputFile): Uint8Array {
  return isNpy(fileName) ? decodeNpy(input, bytes).data : bytes;
}

const isNpy = (fileName: string): boolean => fileName.toLowerCase().endsWith('.npy');

/** The data in pieces, a unit each; views. @throws {ReckonError} TENSOR_INVALID, TENSOR_SHAPE, KERNEL_PARAMS_INVALID */
export function cutData(file: InputFile, order: Order): Uint8Array[] {
  const { bytes, recordBytes } = recordsOf(file, order);
  const records = bytes.length / recordBytes;
  const units = Math.ceil(records / order.perUnit);
  checkUnitCount(customWasmManifest, 'perUnit', order.perUnit, units);
  const step = order.perUnit * recordBytes;
  const most = Math.min(step, bytes.length);
  if (most > MAX_UNIT_BYTES) {
    const expected = `at most ${MAX_UNIT_BYTES} bytes of data in a unit`;
    throw invalid('perUnit', expected, `${order.perUnit}, which gives ${most}`);
  }
  return Array.from({ length: units }, (_, i) => bytes.subarray(i * step, Math.min(bytes.length, (i + 1) * step)));
}

function recordsOf(file: InputFile, { recordBytes }: Order): { bytes: Uint8Array; recordBytes: number } {
  if (!isNpy(file.fileName)) {
    const { length } = file.bytes;
    if (length > 0 && length % recordBytes === 0) return { bytes: file.bytes, recordBytes };
    throw invalid(
      'recordBytes',
      `a size of which "data" has a whole number, and at least one`,
      `${length} bytes of data`,
    );
  }
  const tensor = decodeNpy('data', file.bytes);
  const [rows = 0] = tensor.shape;
  if (rows > 0 && tensor.data.length > 0) return { bytes: tensor.data, recordBytes: tensor.data.length / rows };
  throw new ReckonError('TENSOR_SHAPE', {
    input: 'data',
    expected: 'at least one row',
    received: describeTensor(tensor),
  });
}
