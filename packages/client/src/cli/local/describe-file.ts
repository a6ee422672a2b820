import { decodeNpy } from '@reckon/kernels/tensor/npy';
import { describeTensor, isFloat, type Tensor, toNumbers } from '@reckon/kernels/tensor/tensor';
import type { NamedPart } from '@reckon/protocol/base/named-parts';

const SHOWN_NUMBERS = 8;
const SHOWN_BYTES = 16;

/** `steps.npy: uint32 [2000]: 0, 1, 7, 2, 5, 8, 16, 3, …`; of other files, whose kind nobody told, the first bytes. */
export function firstValues({ name, bytes }: NamedPart): string | undefined {
  const tensor = tensorOf({ name, bytes });
  if (tensor !== undefined) {
    const numbers = toNumbers(tensor);
    const shown = Array.from({ length: Math.min(SHOWN_NUMBERS, numbers.length) }, (_, i) =>
      Number((numbers[i] as number).toPrecision(7)),
    );
    return `${name}: ${describeTensor(tensor)}: ${shown.join(', ')}${numbers.length > SHOWN_NUMBERS ? ', …' : ''}`;
  }
  if (!name.endsWith('.bin') || bytes.length === 0) return undefined;
  const hex = Buffer.from(bytes.subarray(0, SHOWN_BYTES))
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$& ');
  return `${name} begins: ${hex}${bytes.length > SHOWN_BYTES ? ' …' : ''}`;
}

/** `x.npy: 3 of 5 numbers are NaN, 1 is infinite`, or undefined where all are finite or the file holds no floats. */
export function oddNumbers(file: NamedPart): string | undefined {
  const tensor = tensorOf(file);
  if (tensor === undefined || !isFloat(tensor.dtype)) return undefined;
  const numbers = toNumbers(tensor);
  let [nans, infinities] = [0, 0];
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] as number;
    if (Number.isNaN(value)) nans++;
    else if (!Number.isFinite(value)) infinities++;
  }
  if (nans + infinities === 0) return undefined;
  return `${file.name}: of ${numbers.length} numbers ${nans} are NaN and ${infinities} infinite.`;
}

function tensorOf({ name, bytes }: NamedPart): Tensor | undefined {
  if (!name.endsWith('.npy')) return undefined;
  try {
    return decodeNpy(name, bytes);
  } catch {
    return undefined; // what is wrong with an input, its kernel has said
  }
}
