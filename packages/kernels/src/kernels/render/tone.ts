import type { Preview } from '../../kernel.ts';
import type { Tile } from './params.ts';

/**
 * Radiance to bytes: exposure, the filmic curve that Narkowicz fitted to ACES (2016), and sRGB's own (IEC 61966-2-1). Only
 * + − × ÷ and square roots, since everybody who merges results must get the same picture.
 */
export function toneMapper(exposure: number): (radiance: number) => number {
  const gain = powerOf2(exposure);
  return (radiance) => {
    // Narkowicz' fit has its exposure in it; 0.6 takes it out.
    const x = radiance * gain * 0.6;
    const film = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14);
    return byteOf(film);
  };
}

/** 2^x by the root of 2 taken again and again, for −8 to 8, to a thousandth. */
function powerOf2(x: number): number {
  const whole = Math.floor(x);
  let [result, root, rest] = [1, 2, x - whole];
  for (let i = 0; i < whole; i++) result *= 2;
  for (let i = 0; i > whole; i--) result /= 2;
  for (let bit = 0; bit < 12; bit++) {
    root = Math.sqrt(root);
    rest *= 2;
    if (rest < 1) continue;
    rest -= 1;
    result *= root;
  }
  return result;
}

/** Linear light at the lower end of each byte but 0: where sRGB's curve has byte − ½. */
const THRESHOLDS = Float64Array.from({ length: 255 }, (_, i) => toLinear((i + 0.5) / 255));

function toLinear(s: number): number {
  if (s <= 0.04045) return s / 12.92;
  const base = (s + 0.055) / 1.055;
  return base * base * fifthRoot(base * base);
}

/** By Newton's method; base^2.4 is base² · (base²)^0.2. */
function fifthRoot(x: number): number {
  let root = 1;
  for (let i = 0; i < 40; i++) root = (4 * root + x / (root * root * root * root)) / 5;
  return root;
}

function byteOf(linear: number): number {
  let [low, high] = [0, 255];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (linear >= (THRESHOLDS[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Means of a tile's pixels at their place in the picture. */
export function tilePreview(tile: Tile, pixels: ArrayLike<number>, caption?: string): Preview {
  const toByte = toneMapper(tile.exposure);
  const { x, y, width, height, totalWidth, totalHeight } = tile;
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let p = 0; p < width * height; p++) {
    for (let c = 0; c < 3; c++) rgba[p * 4 + c] = toByte(pixels[p * 3 + c] as number);
  }
  return { kind: 'pixels', width, height, rgba, x, y, totalWidth, totalHeight, ...(caption && { caption }) };
}
