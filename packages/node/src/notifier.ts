import type { Clock } from '@reckon/protocol/base/ports';

/** At most ten notices a second for what moves all the time; none is lost. */
const EVERY_MS = 100;

export interface Notifier {
  subscribe(listener: () => void): () => void;
  /** Tells at once. */
  now(): void;
  /** Tells within a tenth of a second. */
  soon(): void;
}

export function createNotifier(clock: Clock): Notifier {
  const listeners = new Set<() => void>();
  let planned = false;
  const now = () => {
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now,
    soon() {
      if (planned) return;
      planned = true;
      void clock.sleep(EVERY_MS).then(() => {
        planned = false;
        now();
      });
    },
  };
}
