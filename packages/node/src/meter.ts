import type { Clock } from '@reckon/protocol/base/ports';
import type { Millis } from '@reckon/protocol/base/units';

/** How much of the slots' time was spent computing. Time inside kernels counts when its unit ends. */
export interface Meter {
  /** Slots open from now on; 0 while the node rests. */
  setSlots(slots: number): void;
  addBusy(ms: Millis): void;
  /** What came together since the last call. */
  take(): { busyMs: Millis; slotMs: Millis };
  /** Busy share since the first slot opened, 0..1. */
  share(): number;
}

export function createMeter(clock: Pick<Clock, 'now'>): Meter {
  let slots = 0;
  let since = clock.now();
  const total = { busyMs: 0, slotMs: 0 };
  let taken = { busyMs: 0, slotMs: 0 };

  const advance = () => {
    const now = clock.now();
    total.slotMs += Math.max(0, now - since) * slots;
    since = now;
  };
  return {
    setSlots(next) {
      advance();
      slots = next;
    },
    addBusy(ms) {
      total.busyMs += ms;
    },
    take() {
      advance();
      const busyMs = Math.round(total.busyMs - taken.busyMs);
      const slotMs = Math.round(total.slotMs - taken.slotMs);
      taken = { ...total };
      return { busyMs, slotMs };
    },
    share() {
      advance();
      return total.slotMs === 0 ? 0 : Math.min(1, total.busyMs / total.slotMs);
    },
  };
}
