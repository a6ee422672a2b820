/** Part of the inner dimension that is multiplied at once, so that a panel of B stays in the nearest cache. */
export interface Depth {
  /** Steps before it; a step is one float32, two int16 or four int8. */
  from: number;
  steps: number;
}

/** Steps of 32 bytes: 10 KiB of a panel. */
const MOST_STEPS = 320;

/** Equal parts, so that none is too short to be worth its loads of C. */
export function depths(steps: number): Depth[] {
  const count = Math.ceil(steps / MOST_STEPS);
  const each = Math.ceil(steps / count / 4) * 4;
  const out: Depth[] = [];
  for (let from = 0; from < steps; from += each) out.push({ from, steps: Math.min(each, steps - from) });
  return out;
}

/** Part of B that one call packs. */
export interface PackedPart {
  depth: Depth;
  /** First panel of 8 columns, and how many. */
  panel: number;
  panels: number;
}

/** Rows of B whose lines stay in the nearest cache until all panels that share them are packed. */
const PACKED_ROWS = 128;
/** Elements that one call packs: a few ms of a slow phone. */
const MOST_PACKED = 2 ** 21;

/** All parts of B; `lanes`: rows in a step, 1, 2 or 4. */
export function* packedParts(panels: number, steps: number, lanes: number): Generator<PackedPart, void, undefined> {
  const each = PACKED_ROWS / lanes;
  const wide = MOST_PACKED / (PACKED_ROWS * 8);
  for (let from = 0; from < steps; from += each) {
    const depth = { from, steps: Math.min(each, steps - from) };
    for (let panel = 0; panel < panels; panel += wide) {
      yield { depth, panel, panels: Math.min(wide, panels - panel) };
    }
  }
}

/** Part of C that one call computes. */
export interface Part {
  depth: Depth;
  /** First row, and how many. */
  row: number;
  rows: number;
  /** First panel of 8 columns, and how many. */
  panel: number;
  panels: number;
}

/** Rows whose part of A stays in the second cache: 240 · 320 steps · 4 bytes, and a multiple of every tile's height. */
const MOST_ROWS = 240;
/**
 * So few rows read each panel once or twice, so it need not stay in a cache; read from end to end it comes faster from memory.
 */
const FEW_ROWS = 8;
/** Multiplications of one call: a few ms of a slow phone. */
const MOST_PRODUCTS = 32e6;

/** All parts, in an order that may write each after those it adds to. `lanes`: products in a step, 1, 2 or 4. */
export function* parts(rows: number, panels: number, steps: number, lanes: number): Generator<Part, void, undefined> {
  const all = rows <= FEW_ROWS ? [{ from: 0, steps }] : depths(steps);
  const most = Math.min(rows, MOST_ROWS) * (all[0] as Depth).steps * lanes * 8;
  const wide = Math.max(1, Math.floor(MOST_PRODUCTS / most));
  for (const depth of all) {
    for (let panel = 0; panel < panels; panel += wide) {
      for (let row = 0; row < rows; row += MOST_ROWS) {
        const [height, width] = [Math.min(MOST_ROWS, rows - row), Math.min(wide, panels - panel)];
        yield { depth, row, rows: height, panel, panels: width };
      }
    }
  }
}
