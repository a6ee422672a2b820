import { fromHex, toHex } from '@reckon/protocol/base/bytes';

const DIGEST_BYTES = 32;

/** A digest matches when it equals `target` in every bit that is set in `mask`; both 32 bytes, target within mask. */
export interface Pattern {
  mask: Uint8Array;
  target: Uint8Array;
}

export const matches = (digest: Uint8Array, { mask, target }: Pattern): boolean =>
  mask.every((bits, i) => ((digest[i] as number) & bits) === target[i]);

/** Bits that a digest must have right; one of 2^bits digests matches. */
export const patternBits = ({ mask }: Pick<Pattern, 'mask'>): number =>
  mask.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);

/** Set at the first `count` bits of a digest. */
export const leadingBits = (count: number): Uint8Array =>
  Uint8Array.from({ length: DIGEST_BYTES }, (_, i) => 0xff & ~(0xff >> Math.max(0, Math.min(8, count - 8 * i))));

/** What is looked for, in words: "begins with 24 zero bits". */
export function describePattern({ mask, target }: Pattern): string {
  const bits = patternBits({ mask });
  const leading = leadingBits(bits).every((byte, i) => byte === mask[i]);
  if (leading && target.every((byte) => byte === 0)) return `begins with ${bits} zero bits`;
  if (bits === 8 * DIGEST_BYTES) return `is ${toHex(target)}`;
  if (leading && bits % 4 === 0) return `begins with ${toHex(target).slice(0, 2 + bits / 4)}`;
  return `equals ${toHex(target)} in ${bits} chosen bits`;
}

/** @throws {Error} when the texts are not hex; parse outside input by schema first. */
export const readPattern = (texts: { mask: string; target: string }): Pattern => ({
  mask: fromHex(texts.mask),
  target: fromHex(texts.target),
});
