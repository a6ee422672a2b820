import type { GpuLease } from './device.ts';
import { nextPace, startPace, TARGET_MS } from './pace.ts';
import { promptly } from './promptly.ts';

/** Work of equal items, 0 to `items` - 1, done in submissions of neighbouring ones. */
export interface RangeRun {
  items: number;
  /** Items of the first submission, whose cost nobody knows: few. */
  firstItems: number;
  /** Sizes are multiples of it, but for the last; 1 unless told. */
  granule?: number;
  /** Most items of one submission, as a limit on workgroups demands. */
  maxItems?: number;
  signal: AbortSignal;
  /** Whether somebody may be looking at the page. Workers cannot know, so true unless told. */
  visible?: boolean;
  /** Encodes and submits the items from `first`; a promise is waited for, as a staging buffer that must become free. */
  submit(first: number, count: number): Promise<void> | void;
  /** Told after each submission is done. */
  onDone?(items: number): void;
}

/** Submissions under way at once: the GPU need not wait for the thread between two. */
const IN_FLIGHT = 2;

/**
 * Runs all items in submissions of 8 to 16 ms (up to 100 ms when hidden), and looks at the signal before each.
 * @throws the signal's reason when aborted; {ReckonError} DEVICE_LOST when the lease's device is.
 */
export async function dispatchRanges(
  { device, lost }: Pick<GpuLease, 'device' | 'lost'>,
  run: RangeRun,
  now: () => number = () => performance.now(),
): Promise<void> {
  const { items, granule = 1, maxItems = Infinity, visible = true } = run;
  const target = visible ? TARGET_MS.visible : TARGET_MS.hidden;
  const whole = (count: number) => Math.max(granule, Math.floor(Math.min(count, maxItems) / granule) * granule);
  let pace = startPace(run.firstItems);
  let done = 0;
  let free = 0;
  const flying: { count: number; began: number; ended: Promise<number> }[] = [];

  function check(): void {
    run.signal.throwIfAborted();
    lost.throwIfAborted();
  }

  async function land(): Promise<void> {
    const { count, began, ended } = flying.shift() as (typeof flying)[number];
    const at = await ended;
    // What waited behind another submission began when that one ended.
    pace = nextPace(pace, count, at - Math.max(began, free), target);
    free = at;
    check();
    done += count;
    run.onDone?.(done);
  }

  for (let first = 0; first < items; ) {
    check();
    const count = Math.min(whole(pace.items), items - first);
    const began = now();
    await run.submit(first, count);
    const ended = promptly(device, device.queue.onSubmittedWorkDone()).then(now);
    // A lost device may reject; the signal above tells of it.
    ended.catch(() => undefined);
    flying.push({ count, began, ended });
    first += count;
    // The first is waited for alone: only then is anything known of the cost.
    if (flying.length >= (done === 0 ? 1 : IN_FLIGHT)) await land();
  }
  while (flying.length > 0) await land();
}
