import { isFloat, type Tensor, toNumbers } from '../../tensor/tensor.ts';

/**
 * Each row's class, the place of its largest number, for an output that looks like class scores: floats [N, C],
 * 2 ≤ C ≤ 1000. The first of equal scores wins. Undefined for any other output.
 */
export function predict({ dtype, shape, data }: Tensor): { class: number; score: number }[] | undefined {
  const [rows, classes] = shape;
  if (shape.length !== 2 || rows === undefined || !isClassCount(classes)) return undefined;
  if (!isFloat(dtype)) return undefined;
  const numbers = toNumbers({ dtype, shape, data });
  return Array.from({ length: rows }, (_, row) => {
    const at = (index: number) => numbers[row * classes + index] as number;
    let best = 0;
    for (let c = 1; c < classes; c++) if (at(c) > at(best)) best = c;
    return { class: best, score: at(best) };
  });
}

/** Could an output of this many numbers a row be class scores? */
export const isClassCount = (size: number | null | undefined): size is number =>
  typeof size === 'number' && size >= 2 && size <= 1000;

/** `row,class,score` of the rows that are known; undefined for an output that is not class scores. */
export function predictionsCsv(tensor: Tensor, isKnown: (row: number) => boolean): string | undefined {
  const lines = predict(tensor)?.flatMap(({ class: best, score }, row) =>
    // Six digits: the tolerance of agreement leaves no more.
    isKnown(row) ? [`${row},${best},${Number(score.toPrecision(6))}`] : [],
  );
  return lines === undefined ? undefined : `${['row,class,score', ...lines].join('\n')}\n`;
}
