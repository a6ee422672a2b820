import type { GemmShape } from '@reckon/kernels/gemm/gpu/shape';
import { median, rounded } from '../figures.ts';
import { type Interval, interval } from '../kernels/statistics.ts';
import { openJax } from './jax.ts';
import { type Entrant, type Measured, measureShape } from './measure.ts';
import { openNodeGpu } from './node-gpu.ts';
import { openOrt } from './ort.ts';
import { openOurs } from './ours.ts';
import { openTfjs } from './tfjs.ts';

const square = (size: number): GemmShape => ({ m: size, k: size, n: size });

/** Squares from 1024 to 4096 make the figures; the others are shown, and the worst of all beside. */
const REAL = {
  main: [square(1024), square(2048), square(4096)],
  awkward: [
    square(1000),
    square(1023),
    square(1537),
    { m: 1, k: 4096, n: 4096 },
    { m: 8, k: 4096, n: 4096 },
    { m: 4096, k: 64, n: 4096 },
  ],
  options: { rounds: 31, warmUpMs: 500, apartMs: 40, peakGroups: 4096, steadyWithin: 0.1 },
} as const;
/** Sizes that a software device computes in reasonable time. */
const SOFTWARE = {
  main: [square(64), square(96)],
  awkward: [square(33), { m: 1, k: 128, n: 128 }, { m: 8, k: 61, n: 128 }],
  options: { rounds: 3, warmUpMs: 0, apartMs: 20, peakGroups: 1, steadyWithin: Infinity },
} as const;

/**
 * WGSL products against tfjs-webgpu, onnxruntime-web/webgpu and jax-js, each on its own device of the same adapter in this process,
 * matrices on the device before; ours lie padded to fours, as the kernel uploads them.
 */
export async function gpuBenchmark(
  say: (line: string) => void,
  { software }: { software: boolean },
): Promise<Record<string, unknown>> {
  const gpu = await openNodeGpu(software);
  if ('skipped' in gpu) return gpu;
  const { lease } = gpu;
  const entrants: Entrant[] = [
    { key: 'f32', open: openOurs(lease, 'f32'), numbers: 'f32' },
    { key: 'tfjs', open: openTfjs, numbers: 'f32' },
    { key: 'ort', open: openOrt, numbers: 'f32' },
    { key: 'jax', open: openJax, numbers: 'f32' },
  ];
  if (lease.language.has('packed_4x8_integer_dot_product')) {
    entrants.push({ key: 'i8', open: openOurs(lease, 'i8'), numbers: 'i8' });
  }
  if (lease.device.features.has('shader-f16')) {
    entrants.push({ key: 'f16', open: openOurs(lease, 'f16'), numbers: 'f16' });
  }
  const { main, awkward, options } = gpu.software ? SOFTWARE : REAL;
  const measured: Measured[] = [];
  for (const shape of [...main, ...awkward]) {
    measured.push(await measureShape(lease, shape, entrants, { ...options, say }));
  }
  lease.device.destroy();
  const figures = measured.slice(0, main.length);
  return {
    where: 'Node with Dawn (webgpu)',
    adapter: { name: lease.name, vendor: lease.vendor, architecture: lease.architecture },
    software: gpu.software,
    f32VsTfjs: compare('tfjs', 'f32', figures, measured),
    f32VsOrt: compare('ort', 'f32', figures, measured),
    f32VsJax: compare('jax', 'f32', figures, measured),
    i8VsF32: compare('f32', 'i8', figures, measured),
    ...(lease.device.features.has('shader-f16') && { f16VsF32: compare('f32', 'f16', figures, measured) }),
    shareOfPeak: shareOfPeak(figures),
    sizes: measured.map(rowOf),
    wrong: measured.flatMap(({ shape, wrong }) =>
      Object.entries(wrong).map(([key, why]) => `${key} at ${nameOf(shape)}: ${why}`),
    ),
  };
}

const nameOf = ({ m, k, n }: GemmShape): string => `${m}x${k}x${n}`;
const tidy = ({ median: middle, low, high }: Interval) => ({
  median: rounded(middle),
  low: rounded(low),
  high: rounded(high),
});

/** The n-th root of the product of n positive numbers. */
const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** How many times as fast `fast` is as `slow`, round by round. */
function ratiosOf({ times }: Measured, slow: string, fast: string): number[] {
  const [a, b] = [times[slow] ?? [], times[fast] ?? []];
  return b.slice(0, a.length).map((ms, round) => (a[round] as number) / ms);
}

/** Over the main sizes: the geometric mean of each round, then the median of rounds; and the worst of all sizes. */
function compare(slow: string, fast: string, figures: readonly Measured[], all: readonly Measured[]) {
  const each = figures.map((one) => ratiosOf(one, slow, fast));
  const rounds = Math.min(...each.map(({ length }) => length));
  if (!(rounds > 0)) return { skipped: `no right product of both ${slow} and ${fast} at every main size` };
  const means = Array.from({ length: rounds }, (_, round) =>
    geometricMean(each.map((ratios) => ratios[round] as number)),
  );
  const worst = all
    .map((one) => ({ shape: nameOf(one.shape), ratios: ratiosOf(one, slow, fast) }))
    .filter(({ ratios }) => ratios.length > 0)
    .map(({ shape, ratios }) => ({ shape, median: rounded(median(ratios)) }))
    .toSorted((a, b) => a.median - b.median)[0];
  return { ...tidy(interval(means)), worst };
}

const rateOf = ({ shape: { m, k, n } }: Measured, ms: number): number => (2 * m * k * n) / (ms * 1e6);

/** f32 operations a second beside those of the arithmetic alone, in the same rounds, at the main size where it is best. */
function shareOfPeak(figures: readonly Measured[]) {
  const shares = figures.map((one) => {
    const { times, peakOperations, shape } = one;
    const peaks = times['peak'] ?? [];
    const share = (times['f32'] ?? []).map((ms, i) => (rateOf(one, ms) * 1e6 * (peaks[i] as number)) / peakOperations);
    return { shape: nameOf(shape), share };
  });
  const known = shares.filter(({ share }) => share.length > 0);
  const [best] = known.toSorted((a, b) => median(b.share) - median(a.share));
  return best ? { ...tidy(interval(best.share)), shape: best.shape } : { skipped: 'no right f32 product' };
}

/** GFLOP/s or GOP/s of everybody, and who they are. */
function rowOf(one: Measured) {
  const { times, names, peakOperations, droppedRounds } = one;
  const kept = Object.entries(times).filter(([, ms]) => ms.length > 0);
  const rates = kept.map(([key, ms]) => [
    key,
    rounded(key === 'peak' ? peakOperations / (median(ms) * 1e6) : rateOf(one, median(ms))),
  ]);
  return {
    shape: nameOf(one.shape),
    gigaOps: Object.fromEntries(rates) as Record<string, number>,
    names,
    droppedRounds,
  };
}
