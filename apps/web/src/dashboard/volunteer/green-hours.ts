/** Hours are shown as the person's clock shows them and told as hours of the UTC day. Half hours of an offset are rounded. */
const offsetHours = (now = new Date()): number => Math.round(-now.getTimezoneOffset() / 60);

const hourOf = (value: number): number => ((value % 24) + 24) % 24;

/** [from, to) in UTC for hours of the local day. */
export const utcHours = (from: number, to: number, offset = offsetHours()): [number, number] => [
  hourOf(from - offset),
  hourOf(to - offset),
];

export const localHours = ([from, to]: readonly [number, number], offset = offsetHours()): [number, number] => [
  hourOf(from + offset),
  hourOf(to + offset),
];
