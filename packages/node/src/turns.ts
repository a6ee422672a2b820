/** Lets at most `limit()` hold a turn at once, in the order they asked. */
export interface Turns {
  /** Resolves when it is one's turn; give it back, whatever happens. */
  take(): Promise<void>;
  give(): void;
  /** Looks again, after the limit grew. */
  wake(): void;
}

export function createTurns(limit: () => number): Turns {
  const waiting: (() => void)[] = [];
  let taken = 0;
  function wake(): void {
    while (waiting.length > 0 && taken < limit()) {
      taken++;
      waiting.shift()?.();
    }
  }
  return {
    take() {
      const turn = Promise.withResolvers<void>();
      waiting.push(turn.resolve);
      wake();
      return turn.promise;
    },
    give() {
      taken--;
      wake();
    },
    wake,
  };
}
