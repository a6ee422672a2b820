import { add, func, get, int, load, locals, mul, repeat, set, shuffle, step, store, upTo } from './wat.ts';

/** Functions that bring operands into the order in which tiles read them. `groups` of rows of B are one step of a tile. */

/** Interleaves the elements of two vectors: lower halves, or upper ones. */
const zip = (size: number, half: 0 | 1, a: string, b: string): string => {
  const count = 16 / size;
  const groups = upTo(count / 2).flatMap((i) => [(half * count) / 2 + i, count + (half * count) / 2 + i]);
  return shuffle(size, groups, a, b);
};

/**
 * Panel by panel, each of 8 columns of `from` with rows `ld` bytes apart: what `group` writes at `to` for some rows. Panels are
 * written `panel` bytes apart.
 */
function packer(
  name: string,
  rows: number,
  columnBytes: number,
  groupBytes: number,
  group: string,
  more: readonly string[] = [],
): string {
  return func(
    name,
    ['from', 'ld', 'to', 'panel', 'groups', 'panels', ...more],
    [
      locals('i32', ['row0', 'row1', 'row2', 'row3', 'count', 'next']),
      locals('v128', ['r0', 'r1', 'r2', 'r3', 'low', 'high']),
    ].join('\n'),
    repeat(
      'panels',
      [
        set('row0', get('from')),
        set('next', add(get('to'), get('panel'))),
        set('count', get('groups')),
        repeat(
          'count',
          [
            ...upTo(rows - 1).map((i) => set(`row${i + 1}`, add(get(`row${i}`), get('ld')))),
            group,
            step('row0', mul(get('ld'), int(rows))),
            step('to', int(groupBytes)),
          ].join('\n'),
        ),
        step('from', int(8 * columnBytes)),
        set('to', get('next')),
      ].join('\n'),
    ),
  );
}

/** float32: 8 columns of each row. */
const packF32 = packer(
  'packF32',
  1,
  4,
  32,
  [store(get('to'), load(get('row0'))), store(get('to'), load(get('row0'), 16), 16)].join('\n'),
);

const eight = (row: number): string => `(v128.load64_zero ${get(`row${row}`)})`;

/** Four rows of int8 as 8 columns of four, stored at `to`. */
const zipFour = (rows: readonly string[], to = get('to')): string =>
  [
    set('low', zip(1, 0, rows[0] as string, rows[1] as string)),
    set('high', zip(1, 0, rows[2] as string, rows[3] as string)),
    store(to, zip(2, 0, get('low'), get('high'))),
    store(to, zip(2, 1, get('low'), get('high')), 16),
  ].join('\n');

/** int8, four rows a group, `shift` added to each element. */
const packI8 = packer(
  'packI8',
  4,
  1,
  32,
  [
    ...upTo(4).map((i) => set(`r${i}`, `(i8x16.add ${eight(i)} (i8x16.splat ${get('shift')}))`)),
    zipFour(upTo(4).map((i) => get(`r${i}`))),
  ].join('\n'),
  ['shift'],
);

/**
 * int8 plus 128 as 2 · first + second: first in 0..127, second 0 or 1; four rows a group. The second
 * stands in the second half of each panel.
 */
const packHalves = packer(
  'packHalves',
  4,
  1,
  32,
  [
    ...upTo(4).map((i) => set(`r${i}`, `(v128.xor ${eight(i)} (i8x16.splat ${int(0x80)}))`)),
    zipFour(upTo(4).map((i) => `(i8x16.shr_u ${get(`r${i}`)} ${int(1)})`)),
    zipFour(
      upTo(4).map((i) => `(v128.and ${get(`r${i}`)} (i8x16.splat ${int(1)}))`),
      add(get('to'), `(i32.shr_u ${get('panel')} ${int(1)})`),
    ),
  ].join('\n'),
);

/** int8 widened to int16, two rows a group. */
const packI16 = packer(
  'packI16',
  2,
  1,
  32,
  [
    ...upTo(2).map((i) => set(`r${i}`, `(i16x8.extend_low_i8x16_s ${eight(i)})`)),
    store(get('to'), zip(2, 0, get('r0'), get('r1'))),
    store(get('to'), zip(2, 1, get('r0'), get('r1')), 16),
  ].join('\n'),
);

/** Widens `vectors` · 16 int8 to int16. */
const widen = func(
  'widen',
  ['from', 'to', 'vectors'],
  locals('v128', ['v']),
  repeat(
    'vectors',
    [
      set('v', load(get('from'))),
      store(get('to'), `(i16x8.extend_low_i8x16_s ${get('v')})`),
      store(get('to'), `(i16x8.extend_high_i8x16_s ${get('v')})`, 16),
      step('from', int(16)),
      step('to', int(32)),
    ].join('\n'),
  ),
);

/** Adds `by` to `vectors` · 16 int8 in place. */
const shift = func(
  'shift',
  ['at', 'vectors', 'by'],
  '',
  repeat(
    'vectors',
    [store(get('at'), `(i8x16.add ${load(get('at'))} (i8x16.splat ${get('by')}))`), step('at', int(16))].join('\n'),
  ),
);

const lanes = (op: 'min' | 'max', from: string): string =>
  [1, 2, 4, 8]
    .map((by) =>
      set(
        from,
        `(i8x16.${op}_s ${get(from)} ${shuffle(
          1,
          upTo(16).map((i) => (i + by) % 16),
          get(from),
          get(from),
        )})`,
      ),
    )
    .join('\n');

/** The lowest of `vectors` · 16 int8 in the low byte of the answer, the highest in the next. */
const range = func(
  'range',
  ['from', 'vectors'],
  locals('v128', ['v', 'lowest', 'highest']),
  [
    set('lowest', load(get('from'))),
    set('highest', get('lowest')),
    repeat(
      'vectors',
      [
        set('v', load(get('from'))),
        set('lowest', `(i8x16.min_s ${get('lowest')} ${get('v')})`),
        set('highest', `(i8x16.max_s ${get('highest')} ${get('v')})`),
        step('from', int(16)),
      ].join('\n'),
    ),
    lanes('min', 'lowest'),
    lanes('max', 'highest'),
    `(i32.or (i8x16.extract_lane_u 0 ${get('lowest')}) (i32.shl (i8x16.extract_lane_u 0 ${get('highest')}) ${int(8)}))`,
  ].join('\n'),
  '(result i32)',
);

/** `factor` times the sum of each of `rows` rows of `vectors` · 16 int8, `ld` bytes apart, as int32. */
const rowSums = func(
  'rowSums',
  ['from', 'ld', 'rows', 'vectors', 'factor', 'to'],
  [locals('i32', ['at', 'count']), locals('v128', ['sum'])].join('\n'),
  repeat(
    'rows',
    [
      set('sum', '(v128.const i32x4 0 0 0 0)'),
      set('at', get('from')),
      set('count', get('vectors')),
      repeat(
        'count',
        [
          set(
            'sum',
            `(i32x4.add ${get('sum')} (i32x4.extadd_pairwise_i16x8_s (i16x8.extadd_pairwise_i8x16_s ${load(get('at'))})))`,
          ),
          step('at', int(16)),
        ].join('\n'),
      ),
      `(i32.store ${get('to')} (i32.mul ${get('factor')} (i32.add
(i32.add (i32x4.extract_lane 0 ${get('sum')}) (i32x4.extract_lane 1 ${get('sum')}))
(i32.add (i32x4.extract_lane 2 ${get('sum')}) (i32x4.extract_lane 3 ${get('sum')})))))`,
      step('from', get('ld')),
      step('to', int(4)),
    ].join('\n'),
  ),
);

export const packing: readonly string[] = [packF32, packI16, widen, shift, range, rowSums];
export const relaxedPacking: readonly string[] = [packI8, packHalves];
