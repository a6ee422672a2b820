import type { Seconds } from './units.ts';

/** A time as ISO 8601 in UTC. The only use of `Date` in the protocol: it formats, it reads no clock. */
// oxlint-disable-next-line no-restricted-globals
export const toIsoTime = (seconds: Seconds): string => new Date(seconds * 1000).toISOString();
