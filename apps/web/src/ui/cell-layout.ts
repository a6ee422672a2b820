/** Where the squares of a field lie. Pure, in CSS pixels, so that it can be tested without a canvas. */

export interface CellLayout {
  /** Side of a square. */
  cell: number;
  /** Distance between squares. */
  gap: number;
  columns: number;
  rows: number;
  width: number;
  height: number;
}

export interface CellLayoutOptions {
  minCell: number;
  maxCell: number;
  /** Height to stay within where squares of at least `minCell` allow it. */
  maxHeight: number;
  /** Fixed number of columns, for fields whose cells have a place (a picture's tiles). */
  columns?: number;
}

const gapOf = (cell: number): number => (cell >= 14 ? 3 : cell >= 7 ? 2 : 1);

function place(width: number, count: number, cell: number, fixed?: number): CellLayout {
  const gap = gapOf(cell);
  const fitting = Math.max(1, Math.floor((width + gap) / (cell + gap)));
  const columns = fixed ?? Math.min(fitting, Math.max(1, count));
  const rows = Math.ceil(count / columns);
  return {
    cell,
    gap,
    columns,
    rows,
    width: columns * (cell + gap) - gap,
    height: Math.max(0, rows * (cell + gap) - gap),
  };
}

/** The largest whole-pixel squares with which `count` cells fit the width and, where possible, the height. */
export function layoutCells(width: number, count: number, options: CellLayoutOptions): CellLayout {
  const { minCell, maxCell, maxHeight, columns } = options;
  for (let cell = maxCell; cell > minCell; cell--) {
    const layout = place(width, count, cell, columns);
    if (layout.width <= width && layout.height <= maxHeight) return layout;
  }
  // The smallest squares: a fixed number of columns may need smaller ones still to fit the width.
  const forced = columns === undefined ? minCell : Math.min(minCell, Math.max(1, Math.floor(width / columns) - 1));
  return place(width, count, forced, columns);
}

/** The cell under a point, or undefined between cells and outside the field. */
export function cellAt(layout: CellLayout, count: number, x: number, y: number): number | undefined {
  const pitch = layout.cell + layout.gap;
  const column = Math.floor(x / pitch);
  const row = Math.floor(y / pitch);
  if (column < 0 || row < 0 || column >= layout.columns) return undefined;
  if (x - column * pitch >= layout.cell || y - row * pitch >= layout.cell) return undefined;
  const index = row * layout.columns + column;
  return index < count ? index : undefined;
}

export function cellOrigin(layout: CellLayout, index: number): { x: number; y: number } {
  const pitch = layout.cell + layout.gap;
  return { x: (index % layout.columns) * pitch, y: Math.floor(index / layout.columns) * pitch };
}

/** Where an arrow key, Home or End moves the selection; undefined for every other key. */
export function moveSelection(key: string, from: number, count: number, columns: number): number | undefined {
  const target = { ArrowLeft: from - 1, ArrowRight: from + 1, ArrowUp: from - columns, ArrowDown: from + columns }[key];
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (target === undefined) return undefined;
  return target < 0 || target >= count ? from : target;
}
