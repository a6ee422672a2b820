/** Part of the inner dimension that is multiplied at once, so that a panel of B stays in the nearest cache. */
export interface Depth {
  /** Steps before it; a step is one float32, two int16 or four int8. */
  from: number;
  steps: number;
}

/** Steps of 32 bytes: 10 KiB of a panel. */
const MOST_STEPS = 320;

/** Equal parts, so that none is too short to be worth its loads of C. `stepBytes`: 32, or 64 for B in halves. */
export function depths(steps: number, stepBytes = 32): Depth[] {
  const count = Math.ceil((steps * stepBytes) / (MOST_STEPS * 32));
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

/** Elements that one call packs: a few ms of a slow phone. */
const MOST_PACKED = 2 ** 21;

/** All parts of B; `lanes` and `stepBytes` as above. */
export function* packedParts(
  panels: number,
  steps: number,
  lanes: number,
  stepBytes = 32,
): Generator<PackedPart, void, undefined> {
  for (const depth of depths(steps, stepBytes)) {
    const wide = Math.max(1, Math.floor(MOST_PACKED / (depth.steps * lanes * 8)));
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
 * Halves of B are packed by depth and keep to it.
 */
const FEW_ROWS = 8;
/** Multiplications of one call: a few ms of a slow phone. */
const MOST_PRODUCTS = 32e6;

/** All parts, in an order that may write each after those it adds to. `lanes`: products in a step, 1, 2 or 4. */
export function* parts(
  rows: number,
  panels: number,
  steps: number,
  lanes: number,
  stepBytes = 32,
): Generator<Part, void, undefined> {
  const deep = rows <= FEW_ROWS && stepBytes === 32;
  const all = deep ? [{ from: 0, steps }] : depths(steps, stepBytes);
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
