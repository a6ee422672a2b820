import { RATES, SHARES } from './grid.ts';
import type { Row } from './rows.ts';
import { SCHEMES } from './schemes.ts';
import { drawPlot, type Series } from './svg.ts';

/** The size of network that is plotted. */
const PLOTTED = 100;

const percent = (share: number): string => `${share * 100} %`;

function seriesOver<T>(
  places: readonly T[],
  rows: readonly Row[],
  fits: (row: Row, place: T) => boolean,
  pick: (row: Row) => number,
): Series[] {
  return SCHEMES.map(({ name }) => ({
    name,
    values: places.map((place) => {
      const row = rows.find((own) => own.policy === name && fits(own, place));
      return row === undefined ? undefined : pick(row);
    }),
  }));
}

/** Plots of the grid, by file name. */
export function gridPlots(rows: readonly Row[]): Map<string, string> {
  const at = (volunteers: number, churn: string) =>
    rows.filter((row) => row.volunteers === volunteers && row.churn === churn);
  const sessions = at(PLOTTED, 'sessions-20');
  const over = (pick: (row: Row) => number, from = sessions) =>
    seriesOver(SHARES, from, (row, share) => row.saboteurs === share, pick);
  const common = { xLabel: 'colluding saboteurs, share of identities', places: SHARES.map(percent) };
  const of = `${PLOTTED} volunteers, 20 units each`;
  return new Map([
    [
      'executions.svg',
      drawPlot({
        ...common,
        title: `Executions per accepted result: ${of}`,
        yLabel: 'executions per result',
        series: over((row) => row.executionsPerResult),
      }),
    ],
    [
      'forged.svg',
      drawPlot({
        ...common,
        title: `Forged results accepted: ${of}, wrong at rate 0.3`,
        yLabel: 'share of accepted results (none: at the lower edge)',
        log: { from: 1e-5, to: 1 },
        series: over((row) => row.forgedShare),
      }),
    ],
    [
      'makespan.svg',
      drawPlot({
        ...common,
        title: `Makespan over ideal: ${PLOTTED} volunteers, 30 % killed mid-unit`,
        yLabel: 'makespan / ideal',
        series: over((row) => row.makespanOverIdeal, at(PLOTTED, 'killed')),
      }),
    ],
    [
      'latency.svg',
      drawPlot({
        ...common,
        title: `Time from first lease to acceptance: ${of}`,
        yLabel: '95 % quantile, s',
        series: over((row) => row.p95LatencyS),
      }),
    ],
  ]);
}

/** What being wrong more often brings saboteurs. */
export function ratesPlot(rows: readonly Row[], tampers: boolean): string {
  const own = rows.filter((row) => row.strategy.includes('tampers') === tampers);
  return drawPlot({
    title: tampers ? 'Forged in 10 % of the chunks, 20 % colluding' : 'Forged as a whole, 20 % colluding',
    xLabel: 's: share of a saboteur’s results that are wrong',
    yLabel: 'share of accepted results (none: at the lower edge)',
    places: RATES.map(String),
    log: { from: 1e-4, to: 1 },
    series: seriesOver(
      RATES,
      own,
      (row, s) =>
        row.strategy.startsWith(`gang-${s}`) && (row.strategy === `gang-${s}` || row.strategy.startsWith(`gang-${s}-`)),
      (row) => row.forgedShare,
    ).filter(({ values }) => values.some((value) => value !== undefined)),
  });
}
