/** Ten digits of three by five pixels, row by row from the top, the leftmost pixel as the highest bit. */
const GLYPHS = ['75557', '26227', '71747', '71717', '55711', '74717', '74757', '71222', '75757', '75717'] as const;

/** Width of a glyph with the clear column after it, and height, before enlarging. */
const ADVANCE = 4;
export const GLYPH_HEIGHT = 5;

/** Pixels a whole number takes at this enlargement. */
export const digitsWidth = (text: string, scale: number): number => (text.length * ADVANCE - 1) * scale;

/** Calls `plot` for each pixel of a whole number; anything but digits is left blank. */
export function drawDigits(text: string, scale: number, plot: (x: number, y: number) => void): void {
  for (let place = 0; place < text.length; place++) {
    const glyph = GLYPHS[Number(text[place])] ?? '00000';
    for (let y = 0; y < GLYPH_HEIGHT * scale; y++) {
      const row = Number(glyph[Math.floor(y / scale)]);
      for (let x = 0; x < 3 * scale; x++) {
        if ((row >> (2 - Math.floor(x / scale))) & 1) plot(place * ADVANCE * scale + x, y);
      }
    }
  }
}
