import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createBench, FIGURES } from './figures.ts';
import { runGrid, runRates, runStrategies } from './grid.ts';
import { gridPlots, ratesPlot } from './plots.ts';
import { type Row, toCsv } from './rows.ts';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../../docs/results/trust');

const tell = (line: string) => void process.stderr.write(`${line}\n`);

const noteRow = (row: Row) =>
  tell(
    `${row.policy} ${row.volunteers} volunteers, ${row.saboteurs} ${row.strategy}, ${row.churn}: ` +
      `${row.executionsPerResult} executions per result, ${row.forgedAccepted} forged of ${row.units}`,
  );

/** The strategies, the worst rates and the grid, as CSV and plots under docs/results/trust; quick: without the largest networks. */
function regenerate(quick: boolean): void {
  mkdirSync(OUT, { recursive: true });
  const write = (name: string, content: string) => writeFileSync(join(OUT, name), content);
  write('strategies.csv', toCsv(runStrategies(noteRow)));
  const rates = runRates(noteRow);
  write('rates.csv', toCsv(rates));
  write('rates-whole.svg', ratesPlot(rates, false));
  write('rates-tampering.svg', ratesPlot(rates, true));
  const save = (rows: readonly Row[]) => {
    write('grid.csv', toCsv(rows));
    for (const [name, svg] of gridPlots(rows)) write(name, svg);
  };
  runGrid(noteRow, save, quick);
}

/** One JSON object with the figures of the issue, or with one of them. */
async function print(quick: boolean, only: string | undefined): Promise<void> {
  const bench = createBench(quick, tell);
  const figures: Record<string, unknown> = {};
  for (const [name, measure] of Object.entries(FIGURES)) {
    if (only === undefined || only === name) figures[name] = await measure(bench);
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

const { values } = parseArgs({
  strict: false,
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string' } },
});
const unknown = Object.keys(values).some((name) => !['json', 'quick', 'only'].includes(name));
const only = typeof values.only === 'string' ? values.only : undefined;
const isUsed = values.json === true || values.only === undefined;
if (unknown || !isUsed || (values.only !== undefined && !(only !== undefined && only in FIGURES))) {
  tell(`Usage: npm run sim [-- [--quick] [--json] [--only=${Object.keys(FIGURES).join('|')}]]`);
  process.exitCode = 2;
} else if (values.json === true) await print(values.quick === true, only);
else regenerate(values.quick === true);
