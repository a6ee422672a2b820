import type { GemmShape } from '@reckon/kernels/gemm/gpu/shape';

/** Two left matrices, taken in turns so that no product is the one before, and a right one. */
export interface Matrices {
  shape: GemmShape;
  lefts: readonly [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
  right: Float32Array<ArrayBuffer>;
}

/** One implementation with a problem's matrices on the device. */
export interface Contender {
  name: string;
  /** What it chose, as a plan's name; absent where it does not tell. */
  choice?: string;
  /** Issues so many products, the lefts in turns, and waits until the device has done them. */
  run(products: number): Promise<void>;
  /** The first left times the right, row by row. */
  product(): Promise<ArrayLike<number>>;
  destroy(): void;
}

/** Opens an implementation on a problem. */
export type OpenContender = (matrices: Matrices) => Promise<Contender>;

/** How many products the two runs of a slope issue. */
export interface Repeats {
  few: number;
  many: number;
}

export interface SlopeTimes {
  warmUpMs: number;
  /** What separates the two runs, about. */
  apartMs: number;
}

async function timed(contender: Contender, products: number): Promise<number> {
  const began = performance.now();
  await contender.run(products);
  return performance.now() - began;
}

/** Warms up for some time, and sees how many products make runs that can be told apart. */
export async function calibrate(contender: Contender, { warmUpMs, apartMs }: SlopeTimes): Promise<Repeats> {
  const until = performance.now() + warmUpMs;
  let each = await timed(contender, 1);
  do each = Math.min(each, (await timed(contender, 2)) / 2);
  while (performance.now() < until);
  const few = Math.min(100, Math.max(1, Math.ceil(apartMs / 6 / each)));
  return { few, many: few + Math.min(2000, Math.max(1, Math.ceil(apartMs / each))) };
}

/** Milliseconds a product: (T(many) − T(few)) / (many − few), so that what a run costs once cancels. */
export async function slope(contender: Contender, { few, many }: Repeats): Promise<number> {
  const short = await timed(contender, few);
  const long = await timed(contender, many);
  return (long - short) / (many - few);
}
