import type { Preview } from '../kernel.ts';
import { type Tensor, toNumbers } from './tensor.ts';
import { digitsWidth, drawDigits, GLYPH_HEIGHT } from './tiny-digits.ts';

/** Sides of pictures that a person can make something of, and the most that are drawn. */
const MIN_SIDE = 4;
const MAX_SIDE = 128;
const MAX_PICTURES = 200;
/** Clear pixels between pictures. */
const GAP = 2;

/** The colours of paper and ink, so that a sheet belongs to the page it is shown on. */
const PAPER = [250, 248, 244] as const;
const INK = [28, 27, 25] as const;
/** What a model says is in the colour of what was accepted, readable on paper and on graphite. */
const SAID = [32, 142, 124] as const;

/** Height and width of the pictures in a batch of one-channel ones: [n, h, w], [n, 1, h, w] or [n, h, w, 1]. */
function sidesOf(shape: readonly number[]): [height: number, width: number] | undefined {
  const [, a = 0, b = 0, c = 0] = shape;
  const sides =
    shape.length === 3
      ? ([a, b] as const)
      : shape.length !== 4
        ? undefined
        : a === 1
          ? ([b, c] as const)
          : c === 1
            ? ([a, b] as const)
            : undefined;
  return sides?.every((side) => side >= MIN_SIDE && side <= MAX_SIDE) ? [sides[0], sides[1]] : undefined;
}

/** Would it make a contact sheet? */
export const showsPictures = ({ shape }: Tensor): boolean => sidesOf(shape) !== undefined && (shape[0] ?? 0) > 0;

/** The line of digits below a picture: enlarged when the picture has room for it, with a clear pixel above. */
const labelScale = (width: number): number => (digitsWidth('00', 2) <= width ? 2 : 1);

/**
 * A batch of small one-channel pictures side by side, the smallest number as paper and the largest as ink; undefined for a
 * tensor that is not one. What a unit of an image model is, for people.
 * @param labels a whole number to write below each picture; an empty list keeps their places free, so that the sheet has the
 * same size before they are known.
 */
export function contactSheet(tensor: Tensor, labels?: readonly number[]): Preview | undefined {
  const sides = sidesOf(tensor.shape);
  const count = Math.min(tensor.shape[0] ?? 0, MAX_PICTURES);
  if (sides === undefined || count === 0) return undefined;
  const [h, w] = sides;
  const values = toNumbers(tensor);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < count * h * w; i++) {
    const value = Number(values[i]);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = labelScale(w);
  const strip = labels === undefined ? 0 : GLYPH_HEIGHT * scale + 2;
  // A sheet a little wider than high fits the pages it is shown on.
  const columns = Math.min(count, Math.ceil(Math.sqrt((count * 1.4 * (h + strip)) / w)));
  const rows = Math.ceil(count / columns);
  const [width, height] = [columns * (w + GAP) - GAP, rows * (h + strip + GAP) - GAP];
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let n = 0; n < count; n++) {
    const left = (n % columns) * (w + GAP);
    const top = Math.floor(n / columns) * (h + strip + GAP);
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const share = high > low ? (Number(values[(n * h + y) * w + x]) - low) / (high - low) : 0;
        const at = ((top + y) * width + left + x) * 4;
        for (let c = 0; c < 3; c++)
          rgba[at + c] = (PAPER[c] as number) + ((INK[c] as number) - (PAPER[c] as number)) * share;
        rgba[at + 3] = 255;
      }
    }
    const label = labels?.[n];
    if (label === undefined) continue;
    const text = String(label);
    const from = left + Math.max(0, Math.floor((w - digitsWidth(text, scale)) / 2));
    drawDigits(text, scale, (x, y) => {
      if (from + x < left + w) rgba.set([...SAID, 255], ((top + h + 2 + y) * width + from + x) * 4);
    });
  }
  return { kind: 'pixels', width, height, rgba };
}
