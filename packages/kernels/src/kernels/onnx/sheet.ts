import type { Preview } from '../../kernel.ts';
import { contactSheet, showsPictures } from '../../tensor/contact-sheet.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { UnitParams } from './params.ts';
import { isClassCount, predict } from './predictions.ts';

/**
 * A unit of an image model as its images, each with the class that the model gives it as soon as that is known; undefined
 * where no input looks like a batch of images.
 */
export function unitSheet(
  { outputs }: UnitParams,
  inputs: Iterable<Tensor>,
  results: readonly Tensor[] = [],
): Preview | undefined {
  const pictures = [...inputs].find(showsPictures);
  if (pictures === undefined) return undefined;
  const classes = results.map(predict).find((found) => found !== undefined);
  // The model gives a class each: their places are kept free until then, so that the sheet does not change its size.
  const classifies = classes !== undefined || outputs.some(({ tail }) => tail?.length === 1 && isClassCount(tail[0]));
  const labels = classes?.map((row) => row.class) ?? (classifies ? [] : undefined);
  const sheet = contactSheet(pictures, labels);
  return sheet?.kind === 'pixels' && classes !== undefined
    ? { ...sheet, caption: 'below each image, the class the model gives it' }
    : sheet;
}
