import type { Tensor as OrtTensor } from 'onnxruntime-web';
import { describeTensor, type DType, type Tensor } from '../../tensor/tensor.ts';
import type { Ort } from './ort-type.ts';

/** Element types that onnxruntime-web takes from a GPU buffer, and leaves in one. */
type OnDevice = 'float32' | 'float16' | 'int32' | 'int64' | 'uint32' | 'uint8' | 'bool';
const ON_DEVICE: readonly (DType | undefined)[] = ['float32', 'float16', 'int32', 'int64', 'uint32', 'uint8', 'bool'];

export const isOnDevice = (dtype: DType | undefined): dtype is OnDevice => ON_DEVICE.includes(dtype);

/** Inputs that all units of a stage share, uploaded once to one device and kept there. */
export class DeviceInputs {
  readonly #ort: Ort;
  readonly #device: GPUDevice;
  readonly #kept = new Map<string, { digest: string; buffer: GPUBuffer; tensor: OrtTensor }>();

  constructor(ort: Ort, device: GPUDevice) {
    this.#ort = ort;
    this.#device = device;
  }

  /** The input on the device; undefined when its type cannot lie there. The same digest is the same bytes. */
  get(name: string, digest: string, tensor: Tensor): OrtTensor | undefined {
    if (!isOnDevice(tensor.dtype) || tensor.data.length === 0) return undefined;
    const key = `${digest} ${describeTensor(tensor)}`;
    const kept = this.#kept.get(name);
    if (kept?.digest === key) return kept.tensor;
    kept?.buffer.destroy();
    // The engine reads whole 16-byte words.
    const size = Math.ceil(tensor.data.length / 16) * 16;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.#device.createBuffer({ size, usage, mappedAtCreation: true });
    new Uint8Array(buffer.getMappedRange()).set(tensor.data);
    buffer.unmap();
    const options = { dataType: tensor.dtype, dims: tensor.shape };
    const placed = this.#ort.Tensor.fromGpuBuffer(buffer, options);
    this.#kept.set(name, { digest: key, buffer, tensor: placed });
    return placed;
  }

  destroy(): void {
    for (const { buffer } of this.#kept.values()) buffer.destroy();
    this.#kept.clear();
  }
}
