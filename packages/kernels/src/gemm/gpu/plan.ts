import type { Precision } from './shape.ts';

/** One value of each thread's tile is computed without shared memory, from the caches alone (as jax-js does). */
export interface DirectPlan {
  algorithm: 'direct';
  /** Threads of a workgroup along columns and along rows. */
  threads: readonly [x: number, y: number];
  /** Rows and columns of C that one thread computes; columns in fours. */
  tile: readonly [rows: number, columns: number];
  /** Vectors of four words along k that one turn of the loop takes. */
  unroll: 1 | 2;
}

/** Blocks of A and B go through workgroup memory. */
export interface SharedPlan {
  algorithm: 'shared';
  threads: readonly [x: number, y: number];
  tile: readonly [rows: number, columns: number];
  /** Words along k of a block; a multiple of four. */
  depth: number;
}

/** Few rows or columns: the threads of a workgroup share k, and add up in workgroup memory in a fixed order. */
export interface SplitPlan {
  algorithm: 'split-k';
  /** Threads along columns, four columns each, and threads that share k, a power of two. */
  threads: readonly [x: number, depth: number];
  /** Rows of C of one workgroup. */
  rows: number;
}

export type GemmPlan = DirectPlan | SharedPlan | SplitPlan;

/** Blocks of rows that are walked together, so that neighbours find each other's B in the cache. */
export const GROUP = 8;

/** Rows and vectors of four columns of C that one workgroup computes. */
export function blockOf(plan: GemmPlan): { rows: number; vectors: number } {
  const [x, y] = plan.threads;
  if (plan.algorithm === 'split-k') return { rows: plan.rows, vectors: x };
  const [rows, columns] = plan.tile;
  return { rows: y * rows, vectors: (x * columns) / 4 };
}

const VECTOR_BYTES: Readonly<Record<Precision, number>> = { f32: 16, i8: 16, f16: 8 };

/** Bytes of workgroup memory. */
export function sharedBytes(plan: GemmPlan, precision: Precision): number {
  switch (plan.algorithm) {
    case 'direct':
      return 0;
    case 'shared': {
      const { rows, vectors } = blockOf(plan);
      return (rows * (plan.depth / 4) + plan.depth * vectors) * VECTOR_BYTES[precision];
    }
    case 'split-k':
      return plan.threads[0] * plan.threads[1] * plan.rows * 16;
  }
}

/** `shared-16x16-8x8-16`: the same plan always has the same name, and no two share one. */
export function planName(plan: GemmPlan): string {
  const threads = plan.threads.join('x');
  switch (plan.algorithm) {
    case 'direct':
      return `direct-${threads}-${plan.tile.join('x')}-${plan.unroll}`;
    case 'shared':
      return `shared-${threads}-${plan.tile.join('x')}-${plan.depth}`;
    case 'split-k':
      return `split-k-${threads}-${plan.rows}`;
  }
}
