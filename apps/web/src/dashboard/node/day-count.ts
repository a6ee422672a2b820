/** How many units were accepted today: the node counts over its life, the day's first count is kept beside it. */
export interface DayMark {
  /** Local date, YYYY-MM-DD. */
  day: string;
  /** The node's count when the day began here. */
  base: number;
}

/** The mark after seeing `total` on `day`: kept through the day, begun anew on another or when the node was reset. */
export function nextMark(mark: DayMark | undefined, day: string, total: number): DayMark {
  return mark === undefined || mark.day !== day || mark.base > total ? { day, base: total } : mark;
}

const KEY = 'reckon.day';

function readMark(): DayMark | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (typeof value !== 'object' || value === null || !('day' in value) || !('base' in value)) return undefined;
    return typeof value.day === 'string' && typeof value.base === 'number'
      ? { day: value.day, base: value.base }
      : undefined;
  } catch {
    return undefined; // storage is off or holds something else: the day begins now
  }
}

/** Local date of a time. */
const dayOf = (now: number): string =>
  new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

let mark: DayMark | undefined;

/** Accepted today, given the node's count over its life. */
export function countToday(total: number, now: number): number {
  const before = mark ?? readMark();
  // A node met for the first time has earned all it has today.
  const next = before === undefined ? { day: dayOf(now), base: 0 } : nextMark(before, dayOf(now), total);
  if (next !== mark) {
    mark = next;
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // storage is off: the count is this visit's
    }
  }
  return total - next.base;
}
