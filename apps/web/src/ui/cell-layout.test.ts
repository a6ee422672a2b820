import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellAt, cellOrigin, layoutCells, moveSelection } from './cell-layout.ts';

const options = { minCell: 4, maxCell: 24, maxHeight: 300 };
const size = fc.integer({ min: 40, max: 2000 });
const count = fc.integer({ min: 1, max: 50_000 });

test('a field never overflows its width and has room for every cell', () => {
  fc.assert(
    fc.property(size, count, (width, cells) => {
      const layout = layoutCells(width, cells, options);
      expect(layout.width).toBeLessThanOrEqual(width);
      expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(cells);
      expect(layout.columns * (layout.rows - 1)).toBeLessThan(cells);
    }),
  );
});

test('the point in the middle of a cell finds that cell', () => {
  fc.assert(
    fc.property(size, count, fc.nat(), (width, cells, pick) => {
      const layout = layoutCells(width, cells, options);
      const index = pick % cells;
      const { x, y } = cellOrigin(layout, index);
      expect(cellAt(layout, cells, x + layout.cell / 2, y + layout.cell / 2)).toBe(index);
    }),
  );
});

test('gaps and the empty end of the last row belong to no cell', () => {
  const layout = layoutCells(200, 3, { ...options, columns: 2 });
  expect(cellAt(layout, 3, layout.cell + layout.gap / 2, 2)).toBeUndefined();
  expect(cellAt(layout, 3, layout.cell + layout.gap + 2, layout.cell + layout.gap + 2)).toBeUndefined();
  expect(cellAt(layout, 3, -1, 0)).toBeUndefined();
});

test('fixed columns shrink the squares rather than wrap', () => {
  const layout = layoutCells(60, 400, { ...options, columns: 20 });
  expect(layout.columns).toBe(20);
  expect(layout.width).toBeLessThanOrEqual(60);
});

test('squares are as large as the height allows', () => {
  expect(layoutCells(1000, 10, options).cell).toBe(24);
  expect(layoutCells(1000, 5000, options).cell).toBeLessThan(10);
});

test('arrow keys stop at the ends of the field', () => {
  expect(moveSelection('ArrowRight', 9, 10, 4)).toBe(9);
  expect(moveSelection('ArrowUp', 2, 10, 4)).toBe(2);
  expect(moveSelection('ArrowDown', 2, 10, 4)).toBe(6);
  expect(moveSelection('End', 2, 10, 4)).toBe(9);
  expect(moveSelection('Enter', 2, 10, 4)).toBeUndefined();
});
