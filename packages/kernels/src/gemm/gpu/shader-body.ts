import { blockOf, type DirectPlan, type GemmPlan, type SharedPlan, type SplitPlan } from './plan.ts';

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** What `main` of a plan does with the block at `origin`. */
export function shaderBody(plan: GemmPlan): string {
  return bodyOf(plan)
    .map((line) => `  ${line}`)
    .join('\n');
}

function bodyOf(plan: GemmPlan): string[] {
  switch (plan.algorithm) {
    case 'direct':
      return directBody(plan);
    case 'shared':
      return sharedBody(plan);
    case 'split-k':
      return splitBody(plan);
  }
}

/** c_i_j += a_i · b_j for four words along k; `right` reads the vector j of B's row 4q + s. */
const step = (rows: number, vectors: number, right: (s: number, j: number) => string): string[] =>
  ['x', 'y', 'z', 'w'].flatMap((part, s) => [
    ...times(vectors, (j) => `let b${s}_${j} = ${right(s, j)};`),
    ...times(rows, (i) => times(vectors, (j) => `c${i}_${j} = mac(a${i}.${part}, b${s}_${j}, c${i}_${j});`)).flat(),
  ]);

const sums = (rows: number, vectors: number): string[] =>
  times(rows, (i) => times(vectors, (j) => `var c${i}_${j} = Sums();`)).flat();

/** Edges: rows and columns outside read the last ones inside, and are not stored. */
const store = (rows: number, vectors: number): string[] =>
  times(rows, (i) =>
    times(
      vectors,
      (j) =>
        `if (row + ${i}u < shape.rows && col${j} < shape.n4) { c[(row + ${i}u) * shape.n4 + col${j}] = c${i}_${j}; }`,
    ),
  ).flat();

function directBody({ threads: [x], tile: [rows, columns], unroll }: DirectPlan): string[] {
  const vectors = columns / 4;
  const turn = (q: string): string[] => [
    '{',
    `  let q = ${q};`,
    ...times(rows, (i) => `  let a${i} = a[left${i} + q];`),
    ...step(rows, vectors, (s, j) => `b[(4u * q + ${s}u) * shape.n4 + right${j}]`).map((line) => `  ${line}`),
    '}',
  ];
  return [
    `let row = origin.x + local.y * ${rows}u;`,
    ...times(vectors, (j) => `let col${j} = origin.y + local.x + ${j * x}u;`),
    ...times(rows, (i) => `let left${i} = min(row + ${i}u, shape.rows - 1u) * shape.k4;`),
    ...times(vectors, (j) => `let right${j} = min(col${j}, shape.n4 - 1u);`),
    ...sums(rows, vectors),
    'var at = 0u;',
    ...(unroll === 1 ? [] : [`for (; at + ${unroll - 1}u < shape.k4; at += ${unroll}u) {`]),
    ...(unroll === 1 ? [] : times(unroll, (u) => turn(`at + ${u}u`)).flat()),
    ...(unroll === 1 ? [] : ['}']),
    'for (; at < shape.k4; at++) {',
    ...turn('at'),
    '}',
    ...store(rows, vectors),
  ];
}

function sharedBody(plan: SharedPlan): string[] {
  const { threads, tile, depth } = plan;
  const [x, y] = threads;
  const [rows, columns] = tile;
  const block = blockOf(plan);
  const vectors = columns / 4;
  const [deep, lanes] = [depth / 4, x * y];
  /** `count` values fetched by all threads, the same number each but for the last turn. */
  const fetch = (count: number, one: string[]): string[] =>
    times(Math.ceil(count / lanes), (turn) => [
      (turn + 1) * lanes <= count ? '{' : `if (lane + ${turn * lanes}u < ${count}u) {`,
      `  let i = lane + ${turn * lanes}u;`,
      ...one.map((line) => `  ${line}`),
      '}',
    ]).flat();
  return [
    `let row = origin.x + local.y * ${rows}u;`,
    ...times(vectors, (j) => `let col${j} = origin.y + local.x + ${j * x}u;`),
    ...sums(rows, vectors),
    `for (var base = 0u; base < shape.k4; base += ${deep}u) {`,
    ...fetch(block.rows * deep, [
      `let q = base + i % ${deep}u;`,
      `let r = min(origin.x + i / ${deep}u, shape.rows - 1u);`,
      'var value = Words();',
      'if (q < shape.k4) { value = a[r * shape.k4 + q]; }',
      'blockA[i] = value;',
    ]),
    ...fetch(depth * block.vectors, [
      `let k = 4u * base + i / ${block.vectors}u;`,
      `let j = min(origin.y + i % ${block.vectors}u, shape.n4 - 1u);`,
      'var value = Words();',
      'if (k < 4u * shape.k4) { value = b[k * shape.n4 + j]; }',
      'blockB[i] = value;',
    ]),
    'workgroupBarrier();',
    `for (var q = 0u; q < ${deep}u; q++) {`,
    ...times(rows, (i) => `  let a${i} = blockA[(local.y * ${rows}u + ${i}u) * ${deep}u + q];`),
    ...step(rows, vectors, (s, j) => `blockB[(4u * q + ${s}u) * ${block.vectors}u + local.x + ${j * x}u]`).map(
      (line) => `  ${line}`,
    ),
    '}',
    'workgroupBarrier();',
    '}',
    ...store(rows, vectors),
  ];
}

function splitBody({ threads: [x, deep], rows }: SplitPlan): string[] {
  const lanes = x * deep;
  return [
    'let row = origin.x;',
    'let col0 = origin.y + local.x;',
    'let right = min(col0, shape.n4 - 1u);',
    ...times(rows, (i) => `let left${i} = min(row + ${i}u, shape.rows - 1u) * shape.k4;`),
    ...sums(rows, 1),
    `for (var q = local.y; q < shape.k4; q += ${deep}u) {`,
    ...times(rows, (i) => `  let a${i} = a[left${i} + q];`),
    ...step(rows, 1, (s) => `b[(4u * q + ${s}u) * shape.n4 + right]`).map((line) => `  ${line}`),
    '}',
    ...times(rows, (i) => `parts[lane + ${i * lanes}u] = c${i}_0;`),
    'workgroupBarrier();',
    ...halvings(deep).flatMap((half) => [
      `if (local.y < ${half}u) {`,
      ...times(rows, (i) => `  parts[lane + ${i * lanes}u] += parts[lane + ${i * lanes + half * x}u];`),
      '}',
      'workgroupBarrier();',
    ]),
    'if (local.y == 0u && col0 < shape.n4) {',
    ...times(
      rows,
      (i) => `  if (row + ${i}u < shape.rows) { c[(row + ${i}u) * shape.n4 + col0] = parts[lane + ${i * lanes}u]; }`,
    ),
    '}',
  ];
}

/** 16 → 8, 4, 2, 1. */
const halvings = (of: number): number[] => (of < 2 ? [] : [of / 2, ...halvings(of / 2)]);
