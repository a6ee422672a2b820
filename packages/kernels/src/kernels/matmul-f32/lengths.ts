import { ReckonError } from '@reckon/protocol/base/errors';
import type { Matrix } from '../../tensor/matrix.ts';
import { toNumbers } from '../../tensor/tensor.ts';

/**
 * Lengths of rows of A or columns of B as text, for a unit's parameters. Neighbours form groups of equal size, and each
 * group has two characters: the square of its greatest length, rounded up to a power of two times 1, 1.25, 1.5 or 1.75
 * (so a length is at most 12 % more than it is), or `AA` when all are zero. All by f64 additions and multiplications in one
 * order and by bits, so that whoever reads the same matrix writes the same text.
 */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Below the least square of a float32, 2⁻²⁹⁸, in quarters of a power of two. */
const LOWEST = 4 * (1023 - 299);
const word = new DataView(new ArrayBuffer(8));

/** How many vectors a group has, when `count` of them form at most `most` groups. */
export const groupSize = (count: number, most: number): number => Math.ceil(count / most);

/** Lengths by group as text. */
export function writeLengths(squares: Float64Array, size: number): string {
  let text = '';
  for (let from = 0; from < squares.length; from += size) {
    const code = codeOf(squares.subarray(from, from + size).reduce((most, square) => Math.max(most, square), 0));
    text += `${DIGITS[code >> 6]}${DIGITS[code & 63]}`;
  }
  return text;
}

/** The lengths that a text of `writeLengths` holds, by group. */
export function readLengths(text: string): Float64Array {
  return Float64Array.from({ length: text.length / 2 }, (_, group) => {
    const code = DIGITS.indexOf(text[2 * group] as string) * 64 + DIGITS.indexOf(text[2 * group + 1] as string);
    if (code === 0) return 0;
    word.setUint32(0, (code + LOWEST) << 18);
    word.setUint32(4, 0);
    return Math.sqrt(word.getFloat64(0));
  });
}

/** The next step above: exponent and two bits of the mantissa. */
function codeOf(square: number): number {
  if (square === 0) return 0;
  word.setFloat64(0, square);
  return (word.getUint32(0) >>> 18) + 1 - LOWEST;
}

/** Squared lengths of A's rows. @throws {ReckonError} TENSOR_VALUE when an element is NaN or infinite. */
export function rowSquares(input: string, matrix: Matrix): Float64Array {
  const [rows, columns] = matrix.shape;
  const values = toNumbers(matrix);
  return Float64Array.from({ length: rows }, (_, i) => {
    let squares = 0;
    for (let j = 0; j < columns; j++) {
      const value = values[i * columns + j] as number;
      squares += value * value;
    }
    // A square of a float32 is no more than 2²⁵⁶, so only what is not finite gives such a sum.
    if (!Number.isFinite(squares)) throw notFinite(input, matrix, values);
    return squares;
  });
}

/** Squared lengths of B's columns. @throws {ReckonError} TENSOR_VALUE when an element is NaN or infinite. */
export function columnSquares(input: string, matrix: Matrix): Float64Array {
  const [rows, columns] = matrix.shape;
  const values = toNumbers(matrix);
  const squares = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = values[i * columns + j] as number;
      squares[j] = (squares[j] as number) + value * value;
    }
  }
  if (!squares.every(Number.isFinite)) throw notFinite(input, matrix, values);
  return squares;
}

function notFinite(input: string, { shape }: Matrix, values: ArrayLike<number>): ReckonError {
  let at = 0;
  while (Number.isFinite(values[at])) at++;
  return new ReckonError('TENSOR_VALUE', {
    input,
    at: `row ${Math.floor(at / shape[1])}, column ${at % shape[1]}`,
    expected: 'a finite number',
    received: String(values[at]),
  });
}
