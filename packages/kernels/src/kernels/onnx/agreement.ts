import { type Tolerance, tensorsAgree } from '../../tensor/agree.ts';
import { elementCount, isFloat, type Tensor, toNumbers } from '../../tensor/tensor.ts';
import { onnxManifest } from './manifest.ts';

/**
 * How far two results of an output may lie apart. What backends round differently is in proportion to a tensor's large numbers, not
 * to each one: a number that is small by cancellation keeps the error of its terms. So the absolute part is a share of the
 * largest number of the tensor, of 1 at most. A share of 1 itself would let zeros pass for the probabilities of 20,000 classes.
 *
 * A number or two may be small by cancellation with no large one beside them, and then say nothing of the error of their terms. So the
 * largest of n numbers counts as at least `chance` to the power of n, as it is less likely the more there are that all of them are
 * small by chance. It excuses no probabilities: of n that add up to 1, one is 1 / n at least.
 */
interface OutputTolerance extends Tolerance {
  chance: number;
  /** The least absolute part: what a GPU may take for 0. */
  least: number;
}

const FLOAT: OutputTolerance = { ...(onnxManifest.agreement as Tolerance), chance: 1 / 16, least: 2 ** -126 };
/**
 * A half keeps eleven bits: its steps are up to 2⁻¹⁰ of a value, and devices that add in halves differ by a few of them. Below
 * 2⁻¹⁴ it is subnormal.
 */
const HALF: OutputTolerance = { absolute: 2 ** -10, relative: 2 ** -8, chance: 1 / 2, least: 2 ** -14 };

/** Do two results of one output agree? */
export function outputsAgree(a: Tensor, b: Tensor): boolean {
  const { absolute, relative, chance, least } = a.dtype === 'float16' ? HALF : FLOAT;
  if (!isFloat(a.dtype)) return tensorsAgree(a, b, { absolute: 0, relative: 0 });
  const largest = Math.min(1, Math.max(largestOf(a), largestOf(b), chance ** elementCount(a.shape)));
  return tensorsAgree(a, b, { absolute: Math.max(least, absolute * largest), relative });
}

/** Largest size of a number in it, but for infinities, which agree only with themselves. */
function largestOf(tensor: Tensor): number {
  const numbers = toNumbers(tensor);
  let largest = 0;
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i] as number);
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size;
  }
  return largest;
}
