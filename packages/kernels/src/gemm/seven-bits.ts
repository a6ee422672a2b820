/** The least and the greatest element of an int8 matrix, or beyond. */
export interface Range {
  lowest: number;
  highest: number;
}

/**
 * What to add to every element so that all lie in 0..127, the one range in which `i32x4.relaxed_dot_i8x16_i7x16_add_s` has
 * the same result on every engine; undefined when they span more than 7 bits.
 *
 * With its second operand in 0..127 no step of it can overflow, whichever way an engine takes: a product of an int8 with such
 * a number is between −128 · 127 and 127 · 127, so a sum of two, which x86 keeps in 16 saturating bits (`pmaddubsw`), is at
 * least −32,512 and at most 32,258, within −32,768..32,767; a sum of four is added in 32 bits. And a number without its
 * highest bit is the same read as signed and as unsigned, where engines differ. Source: the WebAssembly relaxed SIMD
 * proposal, "Relaxed dot product".
 */
export function sevenBitShift({ lowest, highest }: Range): 0 | 64 | undefined {
  if (lowest >= 0) return 0;
  return lowest >= -64 && highest <= 63 ? 64 : undefined;
}
