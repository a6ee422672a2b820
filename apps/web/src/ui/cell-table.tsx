import { useState } from 'react';
import { type Cell, type CellLook, lookWords } from './cell.ts';
import { formatCount } from './format.ts';

const PAGE = 100;

/** "120 accepted, 4 computing, 76 pending". */
export function countLooks(cells: readonly Cell[]): string {
  const counts = new Map<CellLook, number>();
  for (const cell of cells) counts.set(cell.look, (counts.get(cell.look) ?? 0) + 1);
  return [...counts].map(([look, count]) => `${formatCount(count)} ${lookWords[look].toLowerCase()}`).join(', ');
}

/** The field's twin for screen readers and keyboards; drawn only when opened, a hundred rows at a time. */
export function CellTable(props: {
  cells: readonly Cell[];
  describe: (index: number) => string;
  onSelect?: ((index: number) => void) | undefined;
}) {
  const [open, setOpen] = useState(false);
  const [page, setPage] = useState(0);
  const { cells, onSelect } = props;
  const pages = Math.ceil(cells.length / PAGE);
  const from = Math.min(page, pages - 1) * PAGE;
  return (
    <details className="cell-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show as a table</summary>
      {open && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section className="cell-table-scroll" tabIndex={0} aria-label="Work units">
            <table>
              <thead>
                <tr>
                  <th scope="col">Unit</th>
                  <th scope="col">State</th>
                  {onSelect !== undefined && <th scope="col">Open</th>}
                </tr>
              </thead>
              <tbody>
                {cells.slice(from, from + PAGE).map((cell, offset) => (
                  <tr key={from + offset}>
                    <td>{from + offset}</td>
                    <td>
                      {lookWords[cell.look]}
                      {cell.look === 'computing' && cell.progress > 0 ? `, ${Math.round(cell.progress * 100)}%` : ''}
                    </td>
                    {onSelect !== undefined && (
                      <td>
                        <button type="button" className="link-button" onClick={() => onSelect(from + offset)}>
                          Unit {from + offset}
                        </button>
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {pages > 1 && (
            <p className="small">
              <button type="button" className="link-button" disabled={page === 0} onClick={() => setPage(page - 1)}>
                Previous
              </button>{' '}
              {formatCount(from)} to {formatCount(Math.min(from + PAGE, cells.length) - 1)} of{' '}
              {formatCount(cells.length)}{' '}
              <button
                type="button"
                className="link-button"
                disabled={page >= pages - 1}
                onClick={() => setPage(page + 1)}
              >
                Next
              </button>
            </p>
          )}
        </>
      )}
    </details>
  );
}
