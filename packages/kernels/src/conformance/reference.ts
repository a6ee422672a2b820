import { concat } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { UnitInput } from '../kernel.ts';
import type { ConformanceKernel } from './case.ts';

/** A case's result in plain TypeScript. @throws {ReckonError} KERNEL_NO_CHUNKS for a kernel that has no reference. */
export async function referenceOf({ rules, reference }: ConformanceKernel, input: UnitInput): Promise<Uint8Array> {
  if (reference !== undefined) return reference(input);
  const { chunks } = rules;
  if (chunks === undefined) throw new ReckonError('KERNEL_NO_CHUNKS', { kernel: kernelName(rules.manifest) });
  // Together the chunks are the whole result, in order.
  return concat(...Array.from({ length: chunks.count(input.params) }, (_, index) => chunks.compute(input, index)));
}
