import { PIXELS, SIDE } from './mnist.ts';
import type { SeededRandom } from './random.ts';

/** Writes a slightly rotated, scaled, sheared and shifted copy of one 28×28 image, sampled bilinearly. */
export function augment(image: Float32Array, out: Float32Array, random: SeededRandom): void {
  const angle = random.between(-0.22, 0.22);
  const scaleX = random.between(0.87, 1.15);
  const scaleY = random.between(0.87, 1.15);
  const shear = random.between(-0.15, 0.15);
  const shiftX = random.between(-2.2, 2.2);
  const shiftY = random.between(-2.2, 2.2);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const middle = (SIDE - 1) / 2;
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : (image[y * SIDE + x] as number);
  for (let p = 0; p < PIXELS; p++) {
    const dx = (p % SIDE) - middle - shiftX;
    const dy = Math.floor(p / SIDE) - middle - shiftY;
    const x = (cos * dx + sin * dy) * scaleX + shear * dy + middle;
    const y = (cos * dy - sin * dx) * scaleY + middle;
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const fx = x - x0;
    const fy = y - y0;
    const top = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
    const bottom = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
    out[p] = top * (1 - fy) + bottom * fy;
  }
}
