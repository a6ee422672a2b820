import { type KeyboardEvent, type PointerEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { type Cell, lookWords } from './cell.ts';
import './cell-field.css';
import { cellAt, type CellLayout, cellOrigin, layoutCells, moveSelection } from './cell-layout.ts';
import { FIELD_MARGIN, paintCells, readColors } from './cell-paint.ts';
import { CellTable, countLooks } from './cell-table.tsx';
import { onThemeChange } from './theme.ts';

export interface CellFieldProps {
  cells: readonly Cell[];
  /** What the field is, for people who do not see it. */
  label: string;
  /** One line about a cell: shown on hover, spoken on selection. */
  describe?: (index: number) => string;
  selected?: number | undefined;
  onSelect?: ((index: number) => void) | undefined;
  minCell?: number;
  maxCell?: number;
  maxHeight?: number;
  /** Fixed columns, for a picture's tiles. */
  columns?: number | undefined;
  /** Without a table twin: for a field whose numbers stand beside it in words. */
  bare?: boolean;
}

/** A field of work units on one canvas: no DOM node a cell. Hover, arrow keys and a table twin reach every cell. */
export function CellField(props: CellFieldProps) {
  const { cells, label, onSelect, selected, minCell = 4, maxCell = 22, maxHeight = 320, columns, bare = false } = props;
  const describe =
    props.describe ?? ((index: number) => `Unit ${index}: ${lookWords[cells[index]?.look ?? 'pending']}`);
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [hovered, setHovered] = useState<number>();
  const [cursor, setCursor] = useState<number>();
  const [themeRound, setThemeRound] = useState(0);
  const hint = useId();

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => onThemeChange(() => setThemeRound((round) => round + 1)), []);

  const inner = Math.max(1, width - 2 * FIELD_MARGIN);
  const options = { minCell, maxCell, maxHeight, ...(columns === undefined ? {} : { columns }) };
  const layout: CellLayout = layoutCells(inner, cells.length, options);
  const marked = cursor ?? selected;

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !host.current || width === 0) return;
    const dpr = devicePixelRatio || 1;
    const [w, h] = [layout.width + 2 * FIELD_MARGIN, layout.height + 2 * FIELD_MARGIN];
    if (element.width !== Math.round(w * dpr) || element.height !== Math.round(h * dpr)) {
      element.width = Math.round(w * dpr);
      element.height = Math.round(h * dpr);
      element.style.width = `${w}px`;
      element.style.height = `${h}px`;
    }
    paintCells(context, cells, { layout, colors: readColors(host.current), selected: marked, hovered, dpr });
  }, [cells, width, hovered, marked, themeRound, layout]);

  const find = (event: PointerEvent<HTMLCanvasElement>): number | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    return cellAt(
      layout,
      cells.length,
      event.clientX - box.left - FIELD_MARGIN,
      event.clientY - box.top - FIELD_MARGIN,
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      if (marked !== undefined) onSelect?.(marked);
      event.preventDefault();
      return;
    }
    const next = marked === undefined ? moveSelection(event.key, 0, cells.length, 1) : undefined;
    const target = next === undefined ? moveSelection(event.key, marked ?? 0, cells.length, layout.columns) : 0;
    if (target === undefined || cells.length === 0) return;
    event.preventDefault();
    setCursor(target);
  };

  const shown = hovered ?? cursor;
  return (
    <figure className="cell-field" ref={host}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys walk over the cells */}
      <div
        className="cell-field-stage"
        role="group"
        tabIndex={onSelect === undefined ? undefined : 0}
        aria-label={label}
        aria-describedby={hint}
        onKeyDown={onSelect === undefined ? undefined : onKeyDown}
        onBlur={() => setCursor(undefined)}
      >
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${label}. ${countLooks(cells)}`}
          className={onSelect === undefined ? undefined : 'cell-field-live'}
          onPointerMove={(event) => setHovered(find(event))}
          onPointerLeave={() => setHovered(undefined)}
          onClick={(event) => {
            const index = find(event as unknown as PointerEvent<HTMLCanvasElement>);
            if (index !== undefined) onSelect?.(index);
          }}
        />
        {shown !== undefined && shown < cells.length && (
          <CellTip layout={layout} index={shown} text={describe(shown)} fieldWidth={inner} />
        )}
      </div>
      <span className="hidden-text" id={hint}>
        {onSelect === undefined ? '' : 'Arrow keys move over the units, Enter opens one.'}
      </span>
      <span className="hidden-text" aria-live="polite">
        {cursor === undefined ? '' : describe(cursor)}
      </span>
      {!bare && cells.length > 0 && <CellTable cells={cells} describe={describe} onSelect={onSelect} />}
    </figure>
  );
}

function CellTip(props: { layout: CellLayout; index: number; text: string; fieldWidth: number }) {
  const { x, y } = cellOrigin(props.layout, props.index);
  const right = x > props.fieldWidth / 2;
  const style = {
    top: y + props.layout.cell + FIELD_MARGIN + 6,
    ...(right ? { right: props.fieldWidth - x - props.layout.cell } : { left: x + FIELD_MARGIN }),
  };
  return (
    <span className="cell-tip" style={style} aria-hidden="true">
      {props.text}
    </span>
  );
}
