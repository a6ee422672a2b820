/** A dispatch is never meant to take longer, so that no driver resets and no screen stands still. */
export const MAX_DISPATCH_MS = 250;
/** What a submission should take: short while somebody may look at the screen, longer when nobody can. */
export const TARGET_MS = { visible: 12, hidden: 60 } as const;
/** The next submission has at most this many times the items of the one measured. */
const MAX_GROWTH = 4;
/** A time below this says little more than that it was short. */
const RESOLUTION_MS = 0.1;

/** How many items the next submission takes, and what is known of their cost. */
export interface Pace {
  items: number;
  /** The most that an item has cost of late, halved with each submission: items may differ, and small ones cost mostly overhead. */
  worstMsPerItem: number;
}

export const startPace = (firstItems: number): Pace => ({
  items: Math.max(1, Math.floor(firstItems)),
  worstMsPerItem: 0,
});

/**
 * The pace after `done` items took `elapsedMs`: towards the target, at most four times the items measured, and never so
 * many that the worst cost seen of late would make them last 250 ms. One item is the least, whatever it costs.
 */
export function nextPace(pace: Pace, done: number, elapsedMs: number, targetMs: number): Pace {
  const msPerItem = Math.max(RESOLUTION_MS, elapsedMs) / done;
  const worstMsPerItem = Math.max(msPerItem, pace.worstMsPerItem / 2);
  const wanted = Math.min(done * MAX_GROWTH, targetMs / msPerItem, MAX_DISPATCH_MS / worstMsPerItem);
  return { items: Math.max(1, Math.floor(wanted)), worstMsPerItem };
}
