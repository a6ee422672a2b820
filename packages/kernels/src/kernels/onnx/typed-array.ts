import { dtypeBytes, type Tensor } from '../../tensor/tensor.ts';

const VIEWS = {
  float32: Float32Array,
  float64: Float64Array,
  // onnxruntime-web takes halves by their bits, with or without the engine's Float16Array.
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
} as const;

/** A tensor's elements as the typed array onnxruntime-web wants; copied only when the bytes are not aligned. */
export function toTypedArray({ dtype, data }: Tensor): InstanceType<(typeof VIEWS)[typeof dtype]> {
  const size = dtypeBytes(dtype);
  const aligned = data.byteOffset % size === 0 ? data : data.slice();
  // Kernels never share memory between threads, so the buffer is a plain one.
  return new VIEWS[dtype](aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / size);
}
