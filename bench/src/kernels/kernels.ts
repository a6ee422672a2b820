import { measureLayerOverhead } from './layer-overhead.ts';
import { besideJax } from './jax.ts';
import { ISOLATED, openBrowserPage } from './open-page.ts';
import type { Effort, KernelBenchPage, Rounds, Row } from './page-api.ts';
import { type Measured, summarise } from './rows.ts';
import type { Interval } from './statistics.ts';

type Say = (line: string) => void;
interface Size {
  m: number;
  k: number;
  n: number;
}

const square = (side: number): Size => ({ m: side, k: side, n: side });
/** What the promised figures are of. */
const MAIN = [square(480), square(960)];
const AWKWARD = [square(1000), square(1023), square(1537), { m: 1, k: 4096, n: 4096 }, { m: 8, k: 4096, n: 4096 }];
const FULL = { sizes: [...MAIN, ...AWKWARD], effort: { rounds: 31, warmMs: 500 } };
/** Whether it works, not how fast it is. */
const QUICK = {
  sizes: [square(48), square(96), square(61), { m: 1, k: 64, n: 128 }],
  effort: { rounds: 5, warmMs: 20 },
};

/** The software device takes most of a minute. */
const NOT_QUICK = { wgslIntegerBitsDiffering: null, wgsl: { skipped: '--quick' } };

/** A ratio with the row of the table in which it is least. */
interface Figure extends Interval {
  worst: Interval & { size: string };
}

/** Of the two main sizes the one where the ratio is lower; `worst` is over all sizes. */
function figure(rows: readonly Measured[], ratio: (row: Measured) => Interval): Figure {
  const all = rows.map((row) => ({ ...ratio(row), size: row.size }));
  const least = (list: typeof all) => list.reduce((a, b) => (b.median < a.median ? b : a));
  const { size: _, ...head } = least(all.slice(0, 2));
  return { ...head, worst: least(all) };
}

/** Matrix products and hashes in one tab beside their best peers, each on one thread of WASM. */
export async function kernels(say: Say, { quick = false } = {}): Promise<Record<string, unknown>> {
  const { sizes, effort } = quick ? QUICK : FULL;
  const tab = await openBrowserPage('kernels', ISOLATED);
  try {
    const table: Measured[] = [];
    const measure = async (row: Row, how: Effort = effort) => {
      const measured = summarise(row, await tab.call<Rounds>('measure', row, how));
      say(describe(measured));
      table.push(measured);
      return measured;
    };
    const floats: Measured[] = [];
    for (const size of sizes) floats.push(await measure({ kind: 'f32', ...size }));
    const seven: Measured[] = [];
    for (const size of sizes) seven.push(await measure({ kind: 'i8', range: '7 bits', ...size }));
    const full: Measured[] = [];
    for (const size of sizes) full.push(await measure({ kind: 'i8', range: 'full', ...size }));
    const hashes = await measure({ kind: 'sha256' });
    return {
      f32VsTfjs: figure(floats, (row) => row.faster('tfjs')),
      f32VsOrt: figure(floats, (row) => row.faster('ort', 'oursCopied')),
      f32RooflineShare: figure(floats, roofline),
      i8VsOrt: figure(seven, fasterOrt),
      i8FullVsOrt: figure(full, fasterOrt),
      sha256VsHashWasm: hashes.faster('hashWasm'),
      ...(await layer(quick)),
      ...(quick ? NOT_QUICK : await wgsl()),
      table: table.map(({ title, rounds, dropped, speed }) => ({ title, rounds, dropped, speed })),
      f32VsJax: await besideJax(quick ? [48] : [480, 960], effort),
      tab: { browser: tab.browser, ...(await tab.call<ReturnType<KernelBenchPage['facts']>>('facts')) },
      effort: { ...effort, quick },
    };
  } finally {
    await tab.close();
  }
}

/** What pool, worker and kernel take more than a session in a plain worker, µs a unit. */
async function layer(quick: boolean): Promise<Record<string, unknown>> {
  const { layerOverheadUs, ...others } = await measureLayerOverhead(quick ? { rounds: 3, each: 5, warmMs: 20 } : {});
  return { layerOverheadUs, layer: others };
}

/** Differing bits of WGSL's whole numbers on the software device, in this process; null with a reason where it does not load. */
async function wgsl(): Promise<Record<string, unknown>> {
  // What it loads needs a GPU's globals.
  const [{ openNodeGpu }, { measureWgslCorrectness }] = await Promise.all([
    import('../gpu/node-gpu.ts'),
    import('../gpu/correctness.ts'),
  ]);
  const gpu = await openNodeGpu(true);
  if ('skipped' in gpu) return { wgslIntegerBitsDiffering: null, wgsl: gpu };
  const { wgslIntegerBitsDiffering, ...others } = await measureWgslCorrectness(gpu.lease);
  gpu.lease.device.destroy();
  return { wgslIntegerBitsDiffering, wgsl: others };
}

/** Against the fastest instructions that this engine has. */
function roofline(row: Measured): Interval {
  const loops = ['fused', 'separate'].filter((name) => name in row.speed);
  const shares = loops.map((name) => row.faster(name));
  return shares.reduce((a, b) => (b.median < a.median ? b : a));
}

/** Of its two types of B the faster one counts. */
const fasterOrt = (row: Measured): Interval => {
  const [a, b] = [row.faster('ort'), row.faster('ortSigned')];
  return a.median < b.median ? a : b;
};

function describe({ title, speed, rounds, dropped }: Measured): string {
  const speeds = Object.entries(speed).map(([name, { median, best }]) => `${name} ${median} (best ${best})`);
  return `${title}: ${speeds.join(', ')}; ${rounds} rounds, ${dropped} dropped`;
}
