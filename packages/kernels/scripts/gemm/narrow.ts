import { add, func, get, int, load, locals, mul, repeat, set, splat, step, store, sub, upTo } from './wat.ts';

/** Rows of B that are read at once. */
const DEPTH = 4;

/**
 * Few rows of A times B as it lies, float32: C [rows, 8 · panels] += A · B for `steps` rows of B. For so few rows packing B
 * would cost more than the product; here B is read once, row by row, while C stays in the cache.
 */
export function narrow(multiply: (a: string, b: string, x: string) => string): string {
  /** `depth` rows of B at `b0`, all of the columns, for all rows of A. */
  const pass = (depth: number) =>
    [
      ...upTo(depth - 1).map((d) => set(`b${d + 1}`, add(get(`b${d}`), get('ldb')))),
      set('to', get('c')),
      set('columns', get('panels')),
      repeat(
        'columns',
        [
          ...upTo(depth).flatMap((d) => [0, 1].map((half) => set(`v${d}_${half}`, load(get(`b${d}`), 16 * half)))),
          set('from', get('a')),
          set('out', get('to')),
          set('count', get('rows')),
          repeat(
            'count',
            [
              ...[0, 1].map((half) => set(`x${half}`, load(get('out'), 16 * half))),
              ...upTo(depth).flatMap((d) => [
                set('spread', splat(get('from'), 4 * d)),
                ...[0, 1].map((half) =>
                  set(`x${half}`, multiply(get('spread'), get(`v${d}_${half}`), get(`x${half}`))),
                ),
              ]),
              ...[0, 1].map((half) => store(get('out'), get(`x${half}`), 16 * half)),
              step('from', get('lda')),
              step('out', get('ldc')),
            ].join('\n'),
          ),
          ...upTo(depth).map((d) => step(`b${d}`, int(32))),
          step('to', int(32)),
        ].join('\n'),
      ),
      step('a', int(4 * depth)),
      step('b', mul(get('ldb'), int(depth))),
    ].join('\n');
  return func(
    'narrowF32',
    ['a', 'lda', 'b', 'ldb', 'c', 'ldc', 'rows', 'panels', 'steps'],
    [
      locals('i32', ['deep', 'rest', 'columns', 'count', 'from', 'to', 'out', ...upTo(DEPTH).map((d) => `b${d}`)]),
      locals('v128', ['spread', 'x0', 'x1', ...upTo(DEPTH).flatMap((d) => [`v${d}_0`, `v${d}_1`])]),
    ].join('\n'),
    [
      set('deep', `(i32.div_u ${get('steps')} ${int(DEPTH)})`),
      set('rest', sub(get('steps'), mul(get('deep'), int(DEPTH)))),
      repeat('deep', [set('b0', get('b')), pass(DEPTH)].join('\n')),
      repeat('rest', [set('b0', get('b')), pass(1)].join('\n')),
    ].join('\n'),
  );
}
