import type { Key, ReactNode } from 'react';
import './table.css';

/** One column: its head, and what stands in it for a row. */
export interface Column<Row> {
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Figures stand right-aligned under each other. */
  number?: boolean;
  /** Left out where there is little room: the same is said elsewhere, or matters less. */
  wide?: boolean;
  /** This cell names its row to a screen reader. */
  rowHead?: boolean;
  className?: string;
  /** What a pointer that rests on the cell is told. */
  title?: (row: Row) => string;
}

interface DataTableProps<Row> {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => Key;
  /** Names the table for those who do not see the heading above it. */
  label: string;
  /** A press anywhere on a row; a link in the row is there for everybody else. */
  onOpen?: (row: Row) => void;
}

/** A real table with a head, in a frame that scrolls by itself when it is too wide. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, rowKey, label, onOpen } = props;
  return (
    <div className="table-wrap">
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              // Columns never change places.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <th key={index} scope="col" className={classOf(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} {...(onOpen && { 'data-href': '', onClick: () => onOpen(row) })}>
              {columns.map((column, index) => {
                const Cell = column.rowHead ? 'th' : 'td';
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns never change places
                  <Cell
                    key={index}
                    className={classOf(column)}
                    title={column.title?.(row)}
                    {...(column.rowHead && { scope: 'row' })}
                  >
                    {column.cell(row)}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const classOf = (column: Pick<Column<never>, 'number' | 'wide' | 'className'>): string | undefined =>
  [column.number && 'number', column.wide && 'wide-only', column.className].filter(Boolean).join(' ') || undefined;
