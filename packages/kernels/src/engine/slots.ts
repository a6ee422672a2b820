/** At most `size` holders at a time; the others wait in line. Lowering `size` lets holders finish. */
export interface Slots {
  size: number;
  readonly held: number;
  /** Resolves when a slot is free. Rejects with the reason of the first signal that is aborted. */
  take(signals: readonly AbortSignal[]): Promise<void>;
  give(): void;
}

export function createSlots(initial: number): Slots {
  let size = initial;
  let held = 0;
  const line = new Set<() => void>();

  function admit(): void {
    for (const enter of line) {
      if (held >= size) return;
      line.delete(enter);
      held++;
      enter();
    }
  }

  return {
    get size() {
      return size;
    },
    set size(next) {
      size = next;
      admit();
    },
    get held() {
      return held;
    },
    async take(signals) {
      for (const signal of signals) signal.throwIfAborted();
      if (line.size === 0 && held < size) {
        held++;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const deafen = () => {
          for (const signal of signals) signal.removeEventListener('abort', leave);
        };
        const leave = () => {
          deafen();
          line.delete(enter);
          reject(signals.find((signal) => signal.aborted)?.reason);
        };
        const enter = () => {
          deafen();
          resolve();
        };
        for (const signal of signals) signal.addEventListener('abort', leave);
        line.add(enter);
      });
    },
    give() {
      held--;
      admit();
    },
  };
}
