import type { Child } from './children.ts';

/** Longest pause before a program that keeps ending is started again. */
const MAX_PAUSE_MS = 10_000;

export interface Supervised {
  /** The process that runs now; changes when it is started again. */
  readonly pid: number;
  stop(withinMs: number): Promise<void>;
}

/**
 * Starts a program again whenever it ends without being asked, at once the first time and ever more slowly.
 * `start` makes the process and resolves when it is ready.
 */
export async function supervise(
  start: () => Promise<Child>,
  ended: (code: number | null) => void,
): Promise<Supervised> {
  let child = await start();
  let stopping = false;
  let pause = 0;
  let timer: NodeJS.Timeout | undefined;
  const watch = (running: Child): void => {
    const since = Date.now();
    void running.exited.then((code) => {
      if (stopping) return;
      ended(code);
      pause = Date.now() - since > 30_000 ? 0 : Math.min(MAX_PAUSE_MS, pause * 2 + 100);
      timer = setTimeout(again, pause);
    });
  };
  const again = (): void => {
    if (stopping) return;
    start().then(
      (next) => {
        child = next;
        if (stopping) void next.stop(1_000);
        else watch(next);
      },
      () => {
        pause = Math.min(MAX_PAUSE_MS, pause * 2 + 100);
        timer = setTimeout(again, pause);
      },
    );
  };
  watch(child);
  return {
    get pid() {
      return child.pid;
    },
    async stop(withinMs) {
      stopping = true;
      clearTimeout(timer);
      await child.stop(withinMs);
    },
  };
}
