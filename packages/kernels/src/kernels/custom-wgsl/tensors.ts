import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { decodeNpy } from '../../tensor/npy.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { customWgslManifest } from './manifest.ts';
import { bytesOf, DTYPE_OF, MAX_TOTAL, resultShape } from './params.ts';
import { bindingFrom, outputsOf, type ShaderManifest } from './shader-manifest.ts';

/**
 * The tensor for the manifest's binding from there; undefined where there is neither a binding nor bytes. `rows` are the
 * rows that data must have; any number but none, unless told.
 * @throws {ReckonError} KERNEL_INPUT_MISSING, SHADER_MANIFEST_INVALID, TENSOR_INVALID, TENSOR_TYPE or TENSOR_SHAPE
 */
export function readTensor(
  manifest: ShaderManifest,
  from: 'data' | 'table',
  bytes: Uint8Array | undefined,
  rows?: number,
): Tensor | undefined {
  const binding = bindingFrom(manifest, from);
  if (binding === undefined) {
    if (bytes === undefined) return undefined;
    const expected = `a binding from ${from}, since the job brings that input`;
    throw new ReckonError('SHADER_MANIFEST_INVALID', { path: 'bindings', expected, received: 'none' });
  }
  if (bytes === undefined) {
    throw new ReckonError('KERNEL_INPUT_MISSING', { kernel: kernelName(customWgslManifest), input: from });
  }
  const tensor = decodeNpy(from, bytes);
  const dtype = DTYPE_OF[binding.type];
  if (tensor.dtype !== dtype) {
    throw new ReckonError('TENSOR_TYPE', { input: from, expected: dtype, received: tensor.dtype });
  }
  const [first = 0] = tensor.shape;
  const expected = from === 'table' ? binding.shape : [rows ?? Math.max(1, first), ...binding.shape];
  if (tensor.shape.join() === expected.join()) return tensor;
  const words = expected.map((size, i) => (from === 'data' && rows === undefined && i === 0 ? 'rows' : size));
  throw new ReckonError('TENSOR_SHAPE', {
    input: from,
    expected: `[${words.join(', ')}]`,
    received: `[${tensor.shape.join(', ')}]`,
  });
}

/** What every WebGPU device binds as one storage buffer: https://www.w3.org/TR/webgpu/#limit-default */
const MAX_BUFFER_BYTES = 2 ** 27;
/** Names, lengths and headers of a result's parts. */
const PART_BYTES = 512;

/** Items that a unit's dispatches count through. */
export const itemsOf = ({ items: { per, count } }: ShaderManifest, rows: number): number =>
  per === 'row' ? rows * count : count;

/** A unit must fit the kernel's limits and those of every device. @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function checkUnitSize(manifest: ShaderManifest, rows: number): void {
  const outputs = outputsOf(manifest);
  const sizes = outputs.map((output) => bytesOf(resultShape(output, rows)));
  const data = bindingFrom(manifest, 'data');
  const largest = Math.max(...sizes, data === undefined ? 0 : bytesOf([rows, ...data.shape]));
  const result = sizes.reduce((sum, size) => sum + size + PART_BYTES, 0);
  const checks: [value: number, limit: number, what: string][] = [
    [largest, MAX_BUFFER_BYTES, 'bytes in one buffer'],
    [result, customWgslManifest.limits.maxResultBytes, 'bytes of result'],
    [itemsOf(manifest, rows), MAX_TOTAL, 'items'],
  ];
  for (const [value, limit, what] of checks) {
    if (value <= limit) continue;
    throw new ReckonError('KERNEL_PARAMS_INVALID', {
      kernel: kernelName(customWgslManifest),
      path: 'rows',
      expected: `a value that gives units of at most ${limit} ${what}`,
      received: `${rows} rows, which give ${value}`,
    });
  }
}
