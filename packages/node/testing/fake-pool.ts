import type { KernelPool } from '@reckon/kernels/engine/pool';
import type { ChunkRules, UnitInput } from '@reckon/kernels/kernel';
import { concat, toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { packParts } from '@reckon/protocol/base/named-parts';
import type { Clock } from '@reckon/protocol/base/ports';

/** What a fake pool computes. */
export interface FakeKernel {
  result(input: UnitInput): Uint8Array;
  chunks: ChunkRules;
}

/** A pool whose kernels answer their own input after `ms`, unless it is told of others; `refuse` makes them fail. */
export interface FakePool extends KernelPool {
  readonly closed: boolean;
  /** Units begun, by their parameters. */
  readonly begun: readonly string[];
}

export const echo = (params: string, blobs: Iterable<Uint8Array>): Uint8Array => concat(toUtf8(params), ...blobs);

const CHUNK = 4;
/** The first eight bytes of an answer are its chunks, four at a time, and the last chunk is the rest. */
export const echoChunks: ChunkRules = {
  count: () => 3,
  slice: (_params, result, index) => result.subarray(index * CHUNK, index === 2 ? undefined : (index + 1) * CHUNK),
  compute: ({ params, blobs }, index) => echoChunks.slice(params, echo(params, blobs.values()), index),
};

const echoKernel: FakeKernel = { result: ({ params, blobs }) => echo(params, blobs.values()), chunks: echoChunks };

export function createFakePool(
  clock: Clock,
  size: number,
  ms: () => number,
  refuse: () => boolean,
  kernelOf: (name: string) => FakeKernel = () => echoKernel,
): FakePool {
  const begun: string[] = [];
  let closed = false;
  let busy = 0;
  return {
    size,
    begun,
    get closed() {
      return closed;
    },
    get busy() {
      return busy;
    },
    async run(unit, { signal, onProgress }) {
      if (closed) throw new ReckonError('UNEXPECTED', { cause: 'the pool is closed' });
      begun.push(unit.input.params);
      busy++;
      try {
        const computeMs = ms();
        await clock.sleep(computeMs / 2, signal);
        onProgress?.(0.5, { kind: 'text', text: unit.input.params });
        await clock.sleep(computeMs / 2, signal);
        if (refuse()) throw new ReckonError('KERNEL_THREW', { kernel: unit.kernel, cause: 'on request' });
        const { input, chunks } = unit;
        const kernel = kernelOf(unit.kernel);
        const parts = chunks?.map((index) => ({ name: String(index), bytes: kernel.chunks.compute(input, index) }));
        const bytes = parts === undefined ? kernel.result(input) : packParts(parts);
        return { bytes, device: 'WASM SIMD', computeMs };
      } finally {
        busy--;
      }
    },
    close() {
      closed = true;
    },
  };
}
