import { add, func, get, int, load, locals, mul, repeat, set, splat, step, store, sub, upTo, zero } from './wat.ts';

/**
 * A product's inner loop. One step reads 4 bytes of each of `rows` rows of A (a float32, two int16 or four int8), spreads
 * them over a vector, and multiplies them with 8 columns of each of `panels` packed panels of B, 32 bytes each.
 */
export interface Tile {
  name: string;
  rows: number;
  panels: number;
  /** Adds the products of a (one row's 4 bytes, four times) and b (4 columns' 4 bytes) to x. */
  multiply(a: string, b: string, x: string): string;
  /**
   * Integers begin with an addend for the row and one for the column, floats with 0. Of `halves`, each panel of B holds
   * two matrices, the second in its second half, and the product is 2 · A · first + A · second.
   */
  kind: 'float' | 'integer' | 'halves';
  /** Steps written out, so that pointers move once for all of them. */
  unroll: number;
}

export const tileName = ({ name, rows, panels }: Pick<Tile, 'name' | 'rows' | 'panels'>): string =>
  `${name}_${rows}x${panels}`;

/** `tiles` tiles of rows, one below the other, of the same panels; `first` says that C holds nothing yet. */
export function tile(spec: Tile): string {
  const { rows, panels, unroll } = spec;
  const vectors = 2 * panels;
  const sums = upTo(rows).flatMap((r) => upTo(vectors).map((v) => sum(r, v)));
  const steps = [
    ...pointers('a', rows, 'lda'),
    set('count', `(i32.div_u ${get('steps')} ${int(unroll)})`),
    repeat('count', [...upTo(unroll).map((u) => oneStep(spec, u)), advance(spec, unroll)].join('\n')),
    set('count', `(i32.rem_u ${get('steps')} ${int(unroll)})`),
    repeat('count', [oneStep(spec, 0), advance(spec, 1)].join('\n')),
  ];
  const firstHalf = [
    each(spec, (row, vector) => set(sum(row, vector), zero)),
    ...steps,
    set('b0', add(get('b'), `(i32.shr_u ${get('panel')} ${int(1)})`)),
    ...upTo(panels - 1).map((p) => set(`b${p + 1}`, add(get(`b${p}`), get('panel')))),
  ];
  return func(
    tileName(spec),
    ['a', 'lda', 'b', 'panel', 'c', 'ldc', 'steps', 'tiles', 'first', 'rowAddend', 'columnAddend'],
    [
      locals('i32', ['count', ...upTo(rows).flatMap((r) => [`a${r}`, `c${r}`]), ...upTo(panels).map((p) => `b${p}`)]),
      locals('v128', ['spread', 'v0', 'v1', ...sums]),
    ].join('\n'),
    repeat(
      'tiles',
      [
        ...pointers('c', rows, 'ldc'),
        ...pointers('b', panels, 'panel'),
        ...(spec.kind === 'halves' ? firstHalf : []),
        `(if ${get('first')} (then ${begin(spec)}) (else ${resume(spec)}))`,
        ...steps,
        each(spec, (row, vector) => store(get(`c${row}`), get(sum(row, vector)), 16 * vector)),
        set('a', add(get('a'), mul(get('lda'), int(rows)))),
        set('c', add(get('c'), mul(get('ldc'), int(rows)))),
        step('rowAddend', int(4 * rows)),
      ].join('\n'),
    ),
  );
}

const sum = (row: number, vector: number): string => `x${row}_${vector}`;

/** name0 = name, name1 = name0 + by, and so on. */
const pointers = (name: string, count: number, by: string): string[] =>
  upTo(count).map((i) => set(`${name}${i}`, i === 0 ? get(name) : add(get(`${name}${i - 1}`), get(by))));

const each = ({ rows, panels }: Tile, write: (row: number, vector: number) => string): string =>
  upTo(rows)
    .flatMap((row) => upTo(2 * panels).map((vector) => write(row, vector)))
    .join('\n');

/** What the first half gave counts twice. */
const onto = (spec: Tile, row: number, vector: number, value: string): string =>
  spec.kind === 'halves' ? `(i32x4.add ${value} (i32x4.shl ${get(sum(row, vector))} ${int(1)}))` : value;

function begin(spec: Tile): string {
  const addends = (row: number, vector: number) =>
    `(i32x4.add ${splat(get('rowAddend'), 4 * row)} ${load(get('columnAddend'), 16 * vector)})`;
  return each(spec, (row, vector) =>
    set(sum(row, vector), spec.kind === 'float' ? zero : onto(spec, row, vector, addends(row, vector))),
  );
}

const resume = (spec: Tile): string =>
  each(spec, (row, vector) => set(sum(row, vector), onto(spec, row, vector, load(get(`c${row}`), 16 * vector))));

function oneStep({ rows, panels, multiply }: Tile, index: number): string {
  return upTo(panels)
    .flatMap((panel) => [
      ...[0, 1].map((half) => set(`v${half}`, load(get(`b${panel}`), 32 * index + 16 * half))),
      ...upTo(rows).flatMap((row) => [
        set('spread', splat(get(`a${row}`), 4 * index)),
        ...[0, 1].map((half) => {
          const x = sum(row, 2 * panel + half);
          return set(x, multiply(get('spread'), get(`v${half}`), get(x)));
        }),
      ]),
    ])
    .join('\n');
}

const advance = ({ rows, panels }: Tile, steps: number): string =>
  [
    ...upTo(rows).map((row) => step(`a${row}`, int(4 * steps))),
    ...upTo(panels).map((panel) => step(`b${panel}`, int(32 * steps))),
  ].join('\n');

/** Tiles of a kind, of which the highest has `most` rows. */
export interface Tiling extends Omit<Tile, 'rows' | 'panels'> {
  most: number;
}

/**
 * All tiles of a kind, and the function over a block of C: its `panels`, and for each of them its `rows`. One row takes four
 * panels at once and two take two, since a sum waits for its last addition: fewer than eight at a time leave the adders idle.
 */
export function tiles(spec: Tiling): string {
  const all: Tile[] = [
    ...upTo(spec.most).map((r) => ({ ...spec, rows: r + 1, panels: 1 })),
    ...[4, 2].map((panels) => ({ ...spec, rows: 4 / panels, panels })),
  ];
  return [...all.map(tile), block(spec)].join('\n');
}

/** Rows of C that `spec.name` computes in one call, panel by panel; panels of B begin `panel` bytes apart. */
function block(spec: Tiling): string {
  const call = (rows: number, panels: number, count: string) =>
    `(call $${tileName({ name: spec.name, rows, panels })} ${['at', 'lda', 'b', 'panel', 'to', 'ldc', 'steps'].map(get).join(' ')} ${count} ${['first', 'rows4', 'columnAddend'].map(get).join(' ')})`;
  const next = (panels: number) =>
    [
      step('b', mul(get('panel'), int(panels))),
      step('c', int(32 * panels)),
      step('columnAddend', int(32 * panels)),
      set('panels', sub(get('panels'), int(panels))),
    ].join('\n');
  const begin = [set('at', get('a')), set('to', get('c')), set('rows4', get('rowAddend'))].join('\n');
  const down = (count: string) =>
    [step('at', mul(get('lda'), count)), step('to', mul(get('ldc'), count)), step('rows4', mul(int(4), count))].join(
      '\n',
    );
  const wide = (rows: number, panels: number) => `
(if (i32.eq ${get('rows')} ${int(rows)}) (then (block $narrow_${panels} (loop $wide_${panels}
(br_if $narrow_${panels} (i32.lt_u ${get('panels')} ${int(panels)}))
${begin}
${call(rows, panels, int(1))}
${next(panels)}
(br $wide_${panels})))))`;
  // The last rows: any but the highest tile once.
  const rest = upTo(spec.most - 1)
    .map((r) => r + 1)
    .map((r) => `(if (i32.eq ${get('rest')} ${int(r)}) (then ${call(r, 1, int(1))}))`)
    .join('\n');
  // Of six and one or two more, four and what is left: one and two rows alone would leave the adders idle.
  const even =
    spec.most < 6
      ? ''
      : `(if (i32.and (i32.gt_u ${get('high')} ${int(0)}) (i32.lt_u (i32.sub ${get('rest')} ${int(1)}) ${int(2)})) (then
${set('high', sub(get('high'), int(1)))}
${set('four', int(1))}
${step('rest', int(2))}))`;
  return func(
    spec.name,
    ['a', 'lda', 'b', 'panel', 'c', 'ldc', 'rows', 'panels', 'steps', 'first', 'rowAddend', 'columnAddend'],
    locals('i32', ['at', 'to', 'rows4', 'high', 'rest', 'four']),
    [
      wide(1, 4),
      wide(2, 2),
      set('high', `(i32.div_u ${get('rows')} ${int(spec.most)})`),
      set('rest', `(i32.rem_u ${get('rows')} ${int(spec.most)})`),
      even,
      repeat(
        'panels',
        [
          begin,
          call(spec.most, 1, get('high')),
          down(mul(get('high'), int(spec.most))),
          ...(spec.most < 6 ? [] : [`(if ${get('four')} (then ${call(4, 1, int(1))} ${down(int(4))}))`]),
          rest,
          step('b', get('panel')),
          step('c', int(32)),
          step('columnAddend', int(32)),
        ].join('\n'),
      ),
    ].join('\n'),
  );
}
