import { type Tensor, toNumbers } from '../../tensor/tensor.ts';

/**
 * `row,class,score` with the largest of each row's numbers, for an output that looks like class scores: float [N, C],
 * 2 ≤ C ≤ 1000. The first of equal scores wins. Undefined for any other output.
 */
export function predictionsCsv({ dtype, shape, data }: Tensor, isKnown: (row: number) => boolean): string | undefined {
  const [rows, classes] = shape;
  if (shape.length !== 2 || rows === undefined || classes === undefined || classes < 2 || classes > 1000)
    return undefined;
  if (dtype !== 'float32' && dtype !== 'float64') return undefined;
  const numbers = toNumbers({ dtype, shape, data });
  const lines = ['row,class,score'];
  for (let row = 0; row < rows; row++) {
    if (!isKnown(row)) continue;
    let best = 0;
    const at = (index: number) => numbers[row * classes + index] as number;
    for (let c = 1; c < classes; c++) if (at(c) > at(best)) best = c;
    // Six digits: the tolerance of agreement leaves no more.
    lines.push(`${row},${best},${Number(at(best).toPrecision(6))}`);
  }
  return `${lines.join('\n')}\n`;
}
