import { ReckonError } from '@reckon/protocol/base/errors';
import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';

/** @throws {ReckonError} KERNEL_PARAMS_INVALID when a unit of `count` chunks has no chunk `index`. */
export function checkChunkIndex(manifest: KernelManifest, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new ReckonError('KERNEL_PARAMS_INVALID', {
    kernel: kernelName(manifest),
    path: 'chunk',
    expected: `a chunk from 0 to ${count - 1}`,
    received: `${index}`,
  });
}
