import { yieldToMessages } from '../engine/yield.ts';
import type { RunContext } from '../kernel.ts';

/** The longest time without a look at messages and at the signal, besides one step, in ms. */
const MOST_MS = 8;

/** All steps of a product at once. */
export function atOnce<T>(steps: Generator<number, T, undefined>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * All steps of a product, with looks at messages between them. An abort rejects with its reason; the steps are ended then, so
 * that they free what they hold.
 */
export async function inBands<T>(
  steps: Generator<number, T, undefined>,
  { signal, progress }: Pick<RunContext, 'signal' | 'progress'>,
): Promise<T> {
  let ended = false;
  try {
    for (let looked = performance.now(); ; ) {
      signal.throwIfAborted();
      const { done, value } = steps.next();
      if (done) {
        ended = true;
        return value;
      }
      progress(value);
      if (performance.now() - looked < MOST_MS) continue;
      await yieldToMessages();
      looked = performance.now();
    }
  } finally {
    if (!ended) steps.return(undefined as T);
  }
}
