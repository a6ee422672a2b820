import { ReckonError } from '@reckon/protocol/base/errors';
import { MAX_PARTS, type NamedPart, packParts } from '@reckon/protocol/base/named-parts';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { KernelImplementation, RunContext, RunOutput, UnitInput } from '../kernel.ts';
import { yieldToMessages } from './yield.ts';

/**
 * Recomputes chunks of a unit, packed as parts named by their index, in the order given.
 * @throws {ReckonError} KERNEL_NO_CHUNKS, KERNEL_PARAMS_INVALID and whatever the kernel refuses its input with.
 */
export async function computeChunks(
  { manifest, chunks }: KernelImplementation,
  input: UnitInput,
  indexes: readonly number[],
  context: RunContext,
): Promise<RunOutput> {
  const kernel = kernelName(manifest);
  if (chunks === undefined) throw new ReckonError('KERNEL_NO_CHUNKS', { kernel });
  if (indexes.length === 0 || indexes.length > MAX_PARTS) {
    const expected = `1 to ${MAX_PARTS} chunks`;
    throw new ReckonError('KERNEL_PARAMS_INVALID', { kernel, path: 'chunks', expected, received: `${indexes.length}` });
  }
  const parts: NamedPart[] = [];
  for (const index of indexes) {
    parts.push({ name: String(index), bytes: chunks.compute(input, index) });
    context.progress(parts.length / indexes.length);
    // One chunk at a time blocks the thread; between two, messages of the pool come in.
    if (parts.length < indexes.length) await yieldToMessages();
  }
  return { bytes: packParts(parts), device: 'TypeScript' };
}
