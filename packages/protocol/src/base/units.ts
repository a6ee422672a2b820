import * as v from 'valibot';

/** Milliseconds; a time is milliseconds since the Unix epoch. */
export type Millis = number;
/** Smallest unit of the token (18 decimals). */
export type Wei = bigint;
/** Non-transferable points: 1 credit is about 1 GFLOP of reference work. */
export type Credits = number;

export const Millis = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

/** Seconds since the Unix epoch, as contracts count time. */
export const Seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff_ff));
export type Seconds = number;

/** A decimal string on the wire, a bigint inside. */
export const Wei = v.pipe(
  v.union([v.bigint(), v.pipe(v.string(), v.maxLength(78), v.regex(/^(0|[1-9]\d*)$/, 'a decimal number'))]),
  v.transform((value) => BigInt(value)),
  v.minValue(0n),
  v.maxValue(2n ** 256n - 1n),
);

export const Credits = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000_000));

/** A byte count up to 4 GiB − 1, the reach of a frame offset. */
export const ByteSize = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));

/** A count of things in memory. */
export const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
