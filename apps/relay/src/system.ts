import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '@reckon/protocol/base/ports';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', abort, { once: true });
    }),
};

/** The operating system's random numbers. */
export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  u32: () => randomBytes(4).readUInt32BE(),
};
