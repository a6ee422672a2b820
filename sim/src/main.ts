import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureFigures } from './figures.ts';
import { runGrid, runRates, runStrategies } from './grid.ts';
import { gridPlots, ratesPlot } from './plots.ts';
import { type Row, toCsv } from './rows.ts';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../../docs/results/trust');
const USAGE = 'Usage: npm run sim [-- --json [--quick]]\n';

const tell = (line: string) => void process.stderr.write(`${line}\n`);

const noteRow = (row: Row) =>
  tell(
    `${row.policy} ${row.volunteers} volunteers, ${row.saboteurs} ${row.strategy}, ${row.churn}: ` +
      `${row.executionsPerResult} executions per result, ${row.forgedAccepted} forged of ${row.units}`,
  );

/** The grid, all strategies and the worst rates, as CSV and plots under docs/results/trust. */
function regenerate(): void {
  mkdirSync(OUT, { recursive: true });
  const write = (name: string, content: string) => writeFileSync(join(OUT, name), content);
  const grid = runGrid(noteRow);
  write('grid.csv', toCsv(grid));
  for (const [name, svg] of gridPlots(grid)) write(name, svg);
  write('strategies.csv', toCsv(runStrategies(noteRow)));
  const rates = runRates(noteRow);
  write('rates.csv', toCsv(rates));
  write('rates-whole.svg', ratesPlot(rates, false));
  write('rates-tampering.svg', ratesPlot(rates, true));
}

const args = new Set(process.argv.slice(2));
if ([...args].some((arg) => arg !== '--json' && arg !== '--quick') || (args.has('--quick') && !args.has('--json'))) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else if (args.has('--json')) {
  process.stdout.write(`${JSON.stringify(await measureFigures(args.has('--quick'), tell))}\n`);
} else regenerate();
