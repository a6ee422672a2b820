import { readFile } from 'node:fs/promises';
import { ISOLATED, openBrowserPage } from './open-page.ts';
import { type Interval, interval } from './statistics.ts';

/** What the tab measures. */
export interface LayerCase {
  modelBase64: string;
  /** Name and shape of the one input, float32. */
  input: string;
  dims: number[];
  output: { name: string; dtype: string; tail: number[] };
  rounds: number;
  /** Units of each candidate in a round. */
  each: number;
  /** Each candidate runs so long before anything is measured. */
  warmMs: number;
}

/** µs a unit, round by round: a worker with only a session, the pool and kernel, and the session without any message. */
export type LayerRounds = Record<'raw' | 'layer' | 'alone', number[]>;

export interface LayerOverhead {
  /** What a unit takes through the pool more than in a worker with only a session, µs, of the tiny model. */
  layerOverheadUs: Interval;
  /** The same over `session.run` alone, with no message to a worker and back. */
  overSessionUs: Interval;
  /** The same as the first for one image through the digit classifier, whose picture is painted for the volunteer. */
  imageOverheadUs: Interval;
  rawUs: Interval;
  layerUs: Interval;
  browser: string;
}

/**
 * Units of one row through pool, worker and kernel beside the same model in a plain worker: same tab, interleaved, both with
 * their inputs moved there and their results moved back.
 * @throws {ReckonError} BROWSER_MISSING
 */
export async function measureLayerOverhead({ rounds = 61, each = 100, warmMs = 1000 } = {}): Promise<LayerOverhead> {
  const page = await openBrowserPage('layer', ISOLATED);
  try {
    const measure = (asked: LayerCase) => page.call<LayerRounds>('measure', asked);
    const shared = { rounds, each, warmMs };
    const tiny = await measure({ ...shared, ...TINY });
    const image = await measure({ ...shared, ...(await digitCase()) });
    return {
      layerOverheadUs: interval(difference(tiny.layer, tiny.raw)),
      overSessionUs: interval(difference(tiny.layer, tiny.alone)),
      imageOverheadUs: interval(difference(image.layer, image.raw)),
      rawUs: interval(tiny.raw),
      layerUs: interval(tiny.layer),
      browser: page.browser,
    };
  } finally {
    await page.close();
  }
}

/** y = x + [1, 2, 3, 4], operator set 13: about the least that a model can be. */
const TINY = {
  modelBase64:
    'CAg6XgoOCgF4CgFiEgF5IgNBZGQSBHRpbnkqGgoBBBABIhAAAIA/AAAAQAAAQEAAAIBAQgFiWhQKAXgSDwoNCAESCQoDEgFOCgIIBGIUCgF5Eg8KDQgBEgkKAxIBTgoCCARCBAoAEA0=',
  input: 'x',
  dims: [1, 4],
  output: { name: 'y', dtype: 'float32', tail: [4] },
};

async function digitCase() {
  const model = await readFile(new URL('../../../examples/digits/digits.onnx', import.meta.url));
  return {
    modelBase64: model.toString('base64'),
    input: 'images',
    dims: [1, 1, 28, 28],
    output: { name: 'probabilities', dtype: 'float32', tail: [10] },
  };
}

const difference = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, i) => value - (b[i] as number));
