/**
 * Upper 32 bits of a · b, both u32: the one multiplication of this kernel besides the lower half (`Math.imul`), since it
 * exists, or is cheaply made, on every device. Every step here is below 2⁴⁹, so exact in a double.
 */
export function mulhi(a: number, b: number): number {
  const low = Math.floor(((a & 0xffff) * b) / 0x10000);
  return Math.floor(((a >>> 16) * b + low) / 0x10000);
}
