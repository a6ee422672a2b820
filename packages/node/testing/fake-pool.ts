import type { KernelPool } from '@reckon/kernels/engine/pool';
import { concat, toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Clock } from '@reckon/protocol/base/ports';

/** A pool whose kernel answers its own input after `ms`; `refuse` makes it fail. */
export interface FakePool extends KernelPool {
  readonly closed: boolean;
  /** Units begun, by their parameters. */
  readonly begun: readonly string[];
}

export const echo = (params: string, blobs: Iterable<Uint8Array>): Uint8Array => concat(toUtf8(params), ...blobs);

export function createFakePool(clock: Clock, size: number, ms: () => number, refuse: () => boolean): FakePool {
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
        const bytes = echo(unit.input.params, unit.input.blobs.values());
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
