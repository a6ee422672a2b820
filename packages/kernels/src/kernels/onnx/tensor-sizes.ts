import type { onnx } from 'onnx-proto';
import { modelError, shown } from './model-error.ts';
import { toNumber } from './proto.ts';

/** Bits of an element by TensorProto.DataType, without text; https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const BITS: Readonly<Record<number, number>> = {
  1: 32,
  2: 8,
  3: 8,
  4: 16,
  5: 16,
  6: 32,
  7: 64,
  9: 8,
  10: 16,
  11: 64,
  12: 32,
  13: 64,
  14: 64,
  15: 128,
  16: 16,
  17: 8,
  18: 8,
  19: 8,
  20: 8,
  21: 4,
  22: 4,
  23: 4,
  24: 8,
};
export const EXTERNAL = 1;

/** Numbers in a tensor, 2⁵³ at most. @throws {ReckonError} MODEL_NOT_ONNX naming it when its shape makes no sense. */
export function tensorCount(file: string, { name, dims }: onnx.ITensorProto): number {
  const sizes = (dims ?? []).map(toNumber);
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 0)) {
    throw modelError(file, `its tensor ${shown(name)} has the shape [${sizes.join(', ')}].`);
  }
  return sizes.reduce((product, size) => Math.min(product * size, Number.MAX_SAFE_INTEGER), 1);
}

/** Bytes that a tensor's numbers take; undefined for text and types this version does not know. */
export function tensorBytes(file: string, tensor: onnx.ITensorProto): number | undefined {
  const bits = BITS[tensor.dataType ?? 0];
  return bits === undefined ? undefined : Math.ceil((tensorCount(file, tensor) * bits) / 8);
}

/** The numbers of an int64 tensor. */
export function wholeNumbers({ rawData, int64Data }: onnx.ITensorProto): number[] {
  if (!rawData?.length) return (int64Data ?? []).map(toNumber);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return Array.from({ length: rawData.byteLength >> 3 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}

/**
 * A tensor in the model's own file must hold as many numbers as its shape says: an engine written in C++ reads what the
 * shape says. @throws {ReckonError} MODEL_NOT_ONNX naming the tensor
 */
export function checkTensorData(file: string, tensor: onnx.ITensorProto): void {
  const expected = tensorBytes(file, tensor);
  if (expected === undefined || tensor.dataLocation === EXTERNAL) return;
  const { rawData, floatData, doubleData, int32Data, int64Data, uint64Data } = tensor;
  const elements = [floatData, doubleData, int32Data, int64Data, uint64Data].reduce(
    (sum, list) => sum + (list?.length ?? 0),
    0,
  );
  const bits = BITS[tensor.dataType ?? 0] as number;
  // Complex numbers take two elements, two numbers of four bits share one.
  const complex = tensor.dataType === 14 || tensor.dataType === 15;
  const needed = complex ? 2 * tensorCount(file, tensor) : bits < 8 ? expected : (expected * 8) / bits;
  if (rawData?.length ? rawData.length === expected : elements === needed) return;
  const held = rawData?.length ? `${rawData.length} bytes` : `${elements} numbers`;
  const shape = (tensor.dims ?? []).map(toNumber).join(', ');
  throw modelError(
    file,
    `its tensor ${shown(tensor.name)} of shape [${shape}] needs ${expected} bytes, and holds ${held}.`,
  );
}
