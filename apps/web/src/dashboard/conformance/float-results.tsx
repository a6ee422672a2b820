import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { backendWords, LineHead } from './marks.tsx';
import type { LineResult } from './state.ts';

const NONE = <span className="quiet">—</span>;
const scientific = new Intl.NumberFormat('en-GB', { notation: 'scientific', maximumSignificantDigits: 2 });

/** A small share as `3.1E-7`, in the way of print: 3.1 × 10⁻⁷. */
export function formatError(value: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return 'no number';
  const [digits, power] = scientific.format(value).split('E');
  const raised = String(power).replaceAll(/[-\d]/g, (sign) =>
    sign === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)] ?? ''),
  );
  return `${digits} × 10${raised}`;
}

/** Kernels of float32 sums, which backends add up in other orders. */
export function FloatResults(props: { lines: readonly LineResult[]; running: boolean }) {
  const { lines, running } = props;
  if (lines.length === 0) return null;
  const of = (line: LineResult) => line.compared.flatMap(({ float }) => float ?? []);
  const columns: Column<LineResult>[] = [
    { head: 'Kernel', rowHead: true, cell: (line) => <LineHead line={line} running={running} /> },
    {
      head: (
        <>
          Within <span className="wide-inline">tolerance</span>
        </>
      ),
      cell: (line) => {
        const floats = of(line);
        if (floats.length === 0) return NONE;
        const within = floats.filter((float) => float.within).length;
        if (within === floats.length) return 'yes';
        return (
          <strong className="conformance-wrong">
            {formatCount(within)} of {formatCount(floats.length)}
          </strong>
        );
      },
    },
    {
      head: 'Furthest off',
      number: true,
      cell: (line) => {
        const floats = of(line);
        if (floats.length === 0) return NONE;
        return (
          <>
            {formatError(Math.max(...floats.map(({ maxRelative }) => maxRelative)))}
            <span className="cell-note wide-inline quiet small">
              {formatError(Math.max(...floats.map(({ maxAbsolute }) => maxAbsolute)))} absolute
            </span>
          </>
        );
      },
    },
    {
      head: 'Numbers',
      number: true,
      wide: true,
      cell: (line) => {
        const floats = of(line);
        return floats.length === 0 ? NONE : formatCount(floats.reduce((total, { values }) => total + values, 0));
      },
    },
  ];
  return (
    <section className="panel" aria-labelledby="float-title">
      <div className="panel-head">
        <h2 id="float-title">Equal within a tolerance</h2>
        <p className="quiet small">
          Float32, against float64. Furthest off: the largest difference, over the largest number of the result.
        </p>
      </div>
      <DataTable
        label="Float kernels"
        rows={lines}
        columns={columns}
        rowKey={({ kernel, backend, build }) => `${kernel} ${backend} ${build}`}
      />
      <details className="small">
        <summary>The same in steps between neighbouring float32 numbers (ULP)</summary>
        <p className="quiet">
          Rounding while a long sum is added up, or a function that a device may compute a little otherwise, makes many
          steps of a small share: the tolerance counts, not the steps.
        </p>
        <ul className="conformance-cases">
          {lines.map((line) => (
            <li key={`${line.kernel} ${line.backend} ${line.build}`} className="conformance-ulp">
              <span>
                {line.title} <span className="quiet">on {line.compared[0]?.device ?? backendWords[line.backend]}</span>
              </span>
              <span>{ulpWords(of(line).map(({ worstUlp }) => worstUlp))}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function ulpWords(steps: readonly number[]): string {
  if (steps.length === 0) return '—';
  const worst = Math.max(...steps);
  return Number.isFinite(worst) ? `${formatCount(worst)} at most` : 'no number';
}
