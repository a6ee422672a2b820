import type { Tile } from './params.ts';

/** Iteration counts of a tile in plain TypeScript: the definition that every backend equals bit for bit. */
export function mandelbrotReference(tile: Tile): Uint16Array {
  const counts = new Uint16Array(tile.width * tile.height);
  for (let y = 0; y < tile.height; y++) {
    const ci = tile.top - (tile.y + y) * tile.step;
    for (let x = 0; x < tile.width; x++) {
      const cr = tile.left + (tile.x + x) * tile.step;
      let zr = 0;
      let zi = 0;
      let count = 0;
      while (count < tile.maxIterations) {
        const rr = zr * zr;
        const ii = zi * zi;
        if (rr + ii > 4) break;
        count++;
        zi = (zr + zr) * zi + ci;
        zr = rr - ii + cr;
      }
      counts[y * tile.width + x] = count;
    }
  }
  return counts;
}
