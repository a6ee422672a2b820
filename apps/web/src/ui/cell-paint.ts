import type { Cell, CellLook } from './cell.ts';
import { type CellLayout, cellOrigin } from './cell-layout.ts';

export type CellColors = { readonly [L in CellLook]: string } & { ring: string; ink: string };

const tokens = {
  pending: '--edge',
  computing: '--accepted',
  accepted: '--accepted',
  checked: '--accepted',
  waiting: '--waiting',
  refused: '--refused',
  ring: '--paper',
  ink: '--ink',
} as const;

/**
 * Resolves the theme's tokens as the canvas needs them: a probe element turns `light-dark()` into a colour. One probe a
 * token, because a changed colour would be read in the middle of its transition.
 */
export function readColors(host: HTMLElement): CellColors {
  const entries = Object.entries(tokens).map(([name, token]) => {
    const probe = document.createElement('span');
    probe.style.color = `var(${token})`;
    host.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return [name, color];
  });
  return Object.fromEntries(entries) as CellColors;
}

/** Paths are collected per look and painted at once, so that tens of thousands of cells cost a dozen draw calls. */
interface Paths {
  outline: Path2D;
  fill: Path2D;
  rings: Path2D;
  hatch: Path2D;
  diagonal: Path2D;
}

function trace(cells: readonly Cell[], layout: CellLayout, line: number): { [L in CellLook]: Paths } {
  const paths = Object.fromEntries(
    (['pending', 'computing', 'accepted', 'checked', 'waiting', 'refused'] as const).map((look) => [
      look,
      { outline: new Path2D(), fill: new Path2D(), rings: new Path2D(), hatch: new Path2D(), diagonal: new Path2D() },
    ]),
  ) as { [L in CellLook]: Paths };
  const side = layout.cell;
  const inset = line / 2;
  cells.forEach((cell, index) => {
    const { x, y } = cellOrigin(layout, index);
    const path = paths[cell.look];
    if (cell.look === 'accepted' || cell.look === 'checked') path.fill.rect(x, y, side, side);
    else path.outline.rect(x + inset, y + inset, side - line, side - line);
    if (cell.look === 'checked') {
      const margin = Math.max(1, side * 0.22);
      path.rings.rect(x + margin, y + margin, side - 2 * margin, side - 2 * margin);
    }
    if (cell.look === 'computing') {
      const height = Math.max(cell.progress > 0 ? 1 : 0, (side - 2 * line) * Math.min(1, cell.progress));
      path.fill.rect(x + line, y + side - line - height, side - 2 * line, height);
    }
    if (cell.look === 'waiting') {
      const step = side >= 10 ? side / 3 : side / 2;
      for (let at = step; at < side * 2; at += step) {
        path.hatch.moveTo(x + Math.max(0, at - side), y + Math.min(at, side));
        path.hatch.lineTo(x + Math.min(at, side), y + Math.max(0, at - side));
      }
    }
    if (cell.look === 'refused') {
      path.diagonal.moveTo(x + side, y);
      path.diagonal.lineTo(x, y + side);
    }
  });
  return paths;
}

export interface PaintOptions {
  layout: CellLayout;
  colors: CellColors;
  selected: number | undefined;
  hovered: number | undefined;
  dpr: number;
}

/** Space round the field for the selection's frame, CSS pixels. */
export const FIELD_MARGIN = 4;

/** Paints the whole field. The canvas' size in device pixels is the caller's. */
export function paintCells(context: CanvasRenderingContext2D, cells: readonly Cell[], options: PaintOptions): void {
  const { layout, colors, selected, hovered, dpr } = options;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(dpr, 0, 0, dpr, FIELD_MARGIN * dpr, FIELD_MARGIN * dpr);
  const line = layout.cell >= 8 ? 1 : Math.max(0.5, 1 / dpr);
  const paths = trace(cells, layout, line);
  for (const [look, path] of Object.entries(paths) as [CellLook, Paths][]) {
    context.fillStyle = context.strokeStyle = colors[look];
    context.lineWidth = line;
    context.setLineDash(look === 'refused' ? [layout.cell / 4, layout.cell / 8] : []);
    context.stroke(path.outline);
    context.fill(path.fill);
    context.setLineDash([]);
    context.stroke(path.hatch);
    context.lineWidth = line * 1.5;
    context.stroke(path.diagonal);
    context.strokeStyle = colors.ring;
    context.lineWidth = Math.max(1, layout.cell / 10);
    context.stroke(path.rings);
  }
  frame(context, layout, hovered, colors.ink, 1);
  frame(context, layout, selected, colors.ink, 2);
}

function frame(
  context: CanvasRenderingContext2D,
  layout: CellLayout,
  index: number | undefined,
  color: string,
  width: number,
): void {
  if (index === undefined) return;
  const { x, y } = cellOrigin(layout, index);
  const away = 1 + width / 2;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.strokeRect(x - away, y - away, layout.cell + 2 * away, layout.cell + 2 * away);
}
