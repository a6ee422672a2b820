import { ReckonError } from '@reckon/protocol/base/errors';
import { ABI_MODULE } from './abi.ts';
import type { OutputBuffer } from './output-buffer.ts';

/** What a program is given for one unit. */
export interface GuestInput {
  /** Number of the unit, and how many the job has. */
  index: number;
  count: number;
  /** The requester's parameters: JSON in UTF-8. */
  params: Uint8Array;
  /** By number: 0 is the unit's own data, 1 the table that all units share. */
  inputs: readonly Uint8Array[];
}

export interface Host {
  imports: WebAssembly.Imports;
  /** Must be called before the program runs. */
  bind(memory: WebAssembly.Memory): void;
}

/** Steps of progress that are passed on: a program may tell its progress in every turn of a loop. */
const PROGRESS_STEPS = 200;

/**
 * The host's side of the ABI, for one run. Every pointer is checked against the memory as it is now, every place against
 * its input; numbers come in as signed and are meant as unsigned.
 */
export function createHost(
  kernel: string,
  { index, count, params, inputs }: GuestInput,
  output: OutputBuffer,
  progress: (fraction: number) => void,
): Host {
  let memory: WebAssembly.Memory | undefined;
  let told = 0;

  /** The program's bytes from `pointer`. @throws {ReckonError} GUEST_TRAPPED */
  function view(call: string, pointer: number, length: number): Uint8Array {
    const buffer = memory?.buffer ?? new ArrayBuffer(0);
    const [from, size] = [pointer >>> 0, length >>> 0];
    if (from + size <= buffer.byteLength) return new Uint8Array(buffer, from, size);
    return misused(`${call} names bytes ${from} to ${from + size} of a memory of ${buffer.byteLength}`);
  }
  function misused(cause: string): never {
    throw new ReckonError('GUEST_TRAPPED', { kernel, trap: 'misused host function', cause });
  }
  function inputAt(call: string, input: number): Uint8Array {
    return inputs[input >>> 0] ?? misused(`${call} names input ${input >>> 0}; this unit has ${inputs.length}`);
  }

  const functions: Record<string, (...args: number[]) => number | undefined> = {
    unit_index: () => index,
    unit_count: () => count,
    params_size: () => params.length,
    params_read(pointer = 0) {
      view('params_read', pointer, params.length).set(params);
      return undefined;
    },
    input_size: (input = 0) => inputs[input >>> 0]?.length ?? 0,
    input_read(input = 0, pointer = 0, offset = 0, length = 0) {
      const bytes = inputAt('input_read', input);
      const [from, size] = [offset >>> 0, length >>> 0];
      if (from + size > bytes.length) {
        misused(`input_read names bytes ${from} to ${from + size} of input ${input >>> 0}, which has ${bytes.length}`);
      }
      view('input_read', pointer, size).set(bytes.subarray(from, from + size));
      return undefined;
    },
    output_write(pointer = 0, length = 0) {
      output.append(view('output_write', pointer, length));
      return undefined;
    },
    progress(fraction = 0) {
      // NaN compares false. Only steps are told, so that a loop cannot flood whoever listens.
      const step = Math.floor(Math.min(1, fraction) * PROGRESS_STEPS);
      if (!(step > told)) return undefined;
      told = step;
      progress(step / PROGRESS_STEPS);
      return undefined;
    },
  };
  return {
    imports: { [ABI_MODULE]: functions },
    bind(bound) {
      memory = bound;
    },
  };
}
