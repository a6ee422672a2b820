import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { LineHead } from './marks.tsx';
import type { LineResult } from './state.ts';

const NONE = <span className="quiet">—</span>;

const sum = ({ compared }: LineResult, of: (outcome: LineResult['compared'][number]) => number): number =>
  compared.reduce((total, outcome) => total + of(outcome), 0);

/** Kernels of whole numbers, or of floats whose every step the standard fixes: each bit counts. */
export function ExactResults(props: { lines: readonly LineResult[]; running: boolean }) {
  const { lines, running } = props;
  const columns: Column<LineResult>[] = [
    { head: 'Kernel', rowHead: true, cell: (line) => <LineHead line={line} running={running} /> },
    {
      head: 'Bits compared',
      number: true,
      wide: true,
      cell: (line) => (line.compared.length === 0 ? NONE : formatCount(sum(line, ({ bits }) => bits))),
    },
    {
      head: 'Differing',
      number: true,
      cell: (line) => {
        if (line.compared.length === 0) return NONE;
        const differing = sum(line, ({ bitsDiffering }) => bitsDiffering);
        return differing === 0 ? '0' : <strong className="conformance-wrong">{formatCount(differing)}</strong>;
      },
    },
    {
      head: 'Time',
      number: true,
      wide: true,
      cell: (line) => (line.compared.length === 0 ? NONE : formatDuration(sum(line, ({ computeMs }) => computeMs))),
    },
  ];
  return (
    <section className="panel" aria-labelledby="exact-title">
      <div className="panel-head">
        <h2 id="exact-title">Equal in every bit</h2>
        <p className="quiet small">One cell a case: solid where all its bits equal the reference’s.</p>
      </div>
      <DataTable
        label="Exact kernels"
        rows={lines}
        columns={columns}
        rowKey={({ kernel, backend, build }) => `${kernel} ${backend} ${build}`}
      />
    </section>
  );
}
