/** At most `size` holders at a time; the others wait in line. Lowering `size` lets holders finish. */
export interface Slots {
  size: number;
  readonly held: number;
  /** Resolves when a slot is free. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<void>;
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
    take(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const leave = () => {
          line.delete(enter);
          reject(signal.reason);
        };
        const enter = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        signal.addEventListener('abort', leave, { once: true });
        line.add(enter);
        admit();
      });
    },
    give() {
      held--;
      admit();
    },
  };
}
