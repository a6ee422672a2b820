import type { Preview } from '../kernel.ts';
import type { WorkerNotice } from './worker-api.ts';

/** More pictures a second than this nobody sees, and a unit of a millisecond should not send three messages about itself. */
const QUICK_MS = 50;

/** A worker's notices of how far a unit is. */
export interface ProgressNotices {
  begin(): void;
  tell(fraction: number, preview?: Preview): void;
  /** Tells the last picture, when it was held back. */
  end(): void;
}

/**
 * Tells everything at once, until a unit was quick: of the next ones it tells nothing in their first 50 ms and then at most
 * as often, but always the last picture.
 */
export function createProgressNotices(tell: (notice: WorkerNotice) => void, now: () => number): ProgressNotices {
  let quick = false;
  let began = 0;
  let told = 0;
  let held: Preview | undefined;
  const send = (fraction: number, preview: Preview | undefined): void => {
    told = now();
    held = undefined;
    tell({ notice: 'progress', fraction, ...(preview && { preview }) });
  };
  return {
    begin() {
      began = now();
      told = began;
      held = undefined;
    },
    tell(fraction, preview) {
      const latest = preview ?? held;
      if (!quick || now() - told >= QUICK_MS) send(fraction, latest);
      else held = latest;
    },
    end() {
      quick = now() - began < QUICK_MS;
      if (held !== undefined) send(1, held);
    },
  };
}
