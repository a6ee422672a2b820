import { equalBytes } from '@reckon/protocol/base/bytes';
import { describeTensor, isFloat, type Tensor, toNumbers } from './tensor.ts';

/** How far two numbers may lie apart: |a − b| ≤ absolute + relative · max(|a|, |b|). */
export interface Tolerance {
  absolute: number;
  relative: number;
}

/** Same type, same shape, and every pair of elements within tolerance; whole numbers must be equal. */
export function tensorsAgree(a: Tensor, b: Tensor, tolerance: Tolerance): boolean {
  if (describeTensor(a) !== describeTensor(b)) return false;
  if (!isFloat(a.dtype)) return equalBytes(a.data, b.data);
  const left = toNumbers(a);
  const right = toNumbers(b);
  for (let i = 0; i < left.length; i++) {
    if (!numbersAgree(left[i] as number, right[i] as number, tolerance)) return false;
  }
  return true;
}

function numbersAgree(a: number, b: number, { absolute, relative }: Tolerance): boolean {
  // Infinities and NaN agree only with themselves: any tolerance relative to infinity would accept everything.
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Object.is(a, b);
  return Math.abs(a - b) <= absolute + relative * Math.max(Math.abs(a), Math.abs(b));
}
