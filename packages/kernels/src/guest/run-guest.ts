import { ReckonError } from '@reckon/protocol/base/errors';
import { GROW_FAILED, INITIALIZE } from './abi.ts';
import type { CompiledModule } from './compiled.ts';
import { createHost, type GuestInput } from './host.ts';
import { PAGE_BYTES } from './limits.ts';
import type { OutputBuffer } from './output-buffer.ts';
import { trapError } from './trap.ts';

/** What the rewritten module exports: `admitModule` wrote them. */
interface GuestExports {
  memory: WebAssembly.Memory;
  run(): number;
  [INITIALIZE]?(): void;
  [GROW_FAILED]: WebAssembly.Global;
}

export interface GuestRun {
  /** Memory of the program when it ended. */
  memoryBytes: number;
}

/**
 * Runs a program once, after what it sets up, in an instance and a memory of its own.
 * @throws {ReckonError} GUEST_TRAPPED, GUEST_FAILED, KERNEL_MEMORY, KERNEL_RESULT_TOO_LARGE.
 */
export async function runGuest(
  kernel: string,
  { module, facts }: CompiledModule,
  input: GuestInput,
  output: OutputBuffer,
  progress: (fraction: number) => void,
): Promise<GuestRun> {
  const host = createHost(kernel, input, output, progress);
  const noMemory = () => new ReckonError('KERNEL_MEMORY', { kernel, limitBytes: facts.memory.most * PAGE_BYTES });
  let exports: GuestExports;
  try {
    const instance = await WebAssembly.instantiate(module, host.imports);
    exports = instance.exports as unknown as GuestExports;
  } catch (error) {
    // Its segments may lie outside of the table; everything else but memory was checked.
    throw error instanceof RangeError && /memory/i.test(error.message) ? noMemory() : trapError(kernel, error);
  }
  host.bind(exports.memory);
  let status: number;
  try {
    exports[INITIALIZE]?.();
    status = exports.run();
  } catch (error) {
    throw exports[GROW_FAILED].value === 1 ? noMemory() : trapError(kernel, error);
  }
  if (status !== 0) throw new ReckonError('GUEST_FAILED', { kernel, status });
  return { memoryBytes: exports.memory.buffer.byteLength };
}
