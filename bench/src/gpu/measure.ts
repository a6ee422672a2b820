import type { GemmShape } from '@reckon/kernels/gemm/gpu/shape';
import type { GpuLease } from '@reckon/kernels/gpu/device';
import { median } from '../figures.ts';
import { wrongProduct } from './check.ts';
import { calibrate, type Contender, type Matrices, type OpenContender, slope, type SlopeTimes } from './contender.ts';
import { openPeak } from './peak.ts';

/** Who takes part, by the name its times are kept under. */
export interface Entrant {
  key: string;
  open: OpenContender;
  numbers: Numbers;
}

/** What the matrices hold: floats, floats that f16 holds, or whole numbers in int8, whose product must be exact. */
export type Numbers = 'f32' | 'f16' | 'i8';

/** One shape's measurements. */
export interface Measured {
  shape: GemmShape;
  /** Milliseconds a product, one a round, by key; `peak` has those of its own operations. */
  times: Readonly<Record<string, readonly number[]>>;
  /** What each chose, and what it is. */
  names: Readonly<Record<string, string>>;
  /** Who was left out and why: a wrong product voids a row. */
  wrong: Readonly<Record<string, string>>;
  peakOperations: number;
  droppedRounds: number;
}

export interface MeasureOptions extends SlopeTimes {
  rounds: number;
  /** Workgroups of the peak's dispatch. */
  peakGroups: number;
  /** Rounds in which the peak was off its median by a larger share are dropped: something else ran. */
  steadyWithin: number;
  say(line: string): void;
}

/** Checks every entrant's product, then measures all in turns, in an order that turns too. */
export async function measureShape(
  lease: GpuLease,
  shape: GemmShape,
  entrants: readonly Entrant[],
  { rounds, peakGroups, steadyWithin, say, ...slopes }: MeasureOptions,
): Promise<Measured> {
  const wrong: Record<string, string> = {};
  const names: Record<string, string> = {};
  const running: { key: string; contender: Contender }[] = [];
  for (const { key, open, numbers } of entrants) {
    const matrices = matricesOf(shape, numbers);
    try {
      const contender = await open(matrices);
      names[key] = [contender.name, contender.choice].filter(Boolean).join(' ');
      const fault = wrongProduct(matrices, await contender.product(), numbers === 'i8');
      if (fault === undefined) running.push({ key, contender });
      else {
        wrong[key] = fault;
        contender.destroy();
      }
    } catch (error) {
      wrong[key] = error instanceof Error ? error.message : String(error);
    }
    say(`${Object.values(shape).join(' × ')}: ${names[key] ?? key} ${wrong[key] ?? 'is right'}`);
  }
  const peak = await openPeak(lease, peakGroups);
  running.push({ key: 'peak', contender: { name: 'peak', product: async () => [], ...peak } });

  const repeats = new Map<string, Awaited<ReturnType<typeof calibrate>>>();
  for (const { key, contender } of running) repeats.set(key, await calibrate(contender, slopes));
  const times: Record<string, number[]> = Object.fromEntries(running.map(({ key }) => [key, []]));
  for (let round = 0; round < rounds; round++) {
    const turn = round % running.length;
    for (const { key, contender } of [...running.slice(turn), ...running.slice(0, turn)]) {
      times[key]?.push(await slope(contender, repeats.get(key) ?? { few: 1, many: 2 }));
    }
  }
  for (const { contender } of running) contender.destroy();
  return { shape, names, wrong, peakOperations: peak.operations, ...steady(times, steadyWithin) };
}

/** The rounds whose peak was about its median and in which every slope was a time. */
function steady(times: Readonly<Record<string, number[]>>, within: number): Pick<Measured, 'times' | 'droppedRounds'> {
  const peaks = times['peak'] ?? [];
  const middle = median(peaks);
  const good = [...peaks.keys()].filter(
    (round) =>
      Math.abs((peaks[round] as number) - middle) <= within * middle &&
      Object.values(times).every((one) => (one[round] as number) > 0),
  );
  const kept = Object.entries(times).map(([key, one]) => [key, good.map((round) => one[round] as number)] as const);
  return { times: Object.fromEntries(kept), droppedRounds: peaks.length - good.length };
}

/** Pseudo-random values of both signs, the same for the same shape; floats are below one. */
function matricesOf({ m, k, n }: GemmShape, numbers: Numbers): Matrices {
  let state = m + 3 * k + 5 * n;
  const values = (count: number): Float32Array<ArrayBuffer> => {
    const made = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const float = state / 2 ** 31 - 1;
      made[i] = numbers === 'i8' ? (state >>> 24) - 128 : numbers === 'f16' ? Math.f16round(float) : float;
    }
    return made;
  };
  return { shape: { m, k, n }, lefts: [values(m * k), values(m * k)], right: values(k * n) };
}
