/** A small writer of plots: lines over named places on the x axis. Colours are readable on white and on black. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly places: readonly string[];
  readonly series: readonly Series[];
  /** The y axis in powers of ten; zeros stand on its lower edge. */
  readonly log?: { readonly from: number; readonly to: number };
  /** Levels to reach, drawn as dashed lines. */
  readonly levels?: readonly { readonly name: string; readonly value: number }[];
}

const WIDTH = 760;
const HEIGHT = 400;
const BOX = { left: 76, right: 580, top: 48, bottom: 340 };
const COLOURS = ['#2f6fb5', '#c8553d', '#3d8b57', '#8a5fb0', '#b8860b', '#4a8f94', '#a04a77'];
const INK = '#6b7280';

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const text = (x: number, y: number, content: string, extra = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${INK}" ${extra}>${escape(content)}</text>`;

const line = (x1: number, y1: number, x2: number, y2: number, extra: string): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" ${extra}/>`;

interface Scale {
  readonly ticks: readonly number[];
  y(value: number): number;
  label(value: number): string;
}

function logScale(from: number, to: number): Scale {
  const height = BOX.bottom - BOX.top;
  const [low, high] = [Math.log10(from), Math.log10(to)];
  const ticks: number[] = [];
  for (let power = low; power <= high + 1e-9; power++) ticks.push(10 ** power);
  return {
    ticks,
    y: (value) => BOX.bottom - (height * (Math.log10(Math.max(from, value)) - low)) / (high - low),
    label: (value) => `1e${Math.round(Math.log10(value))}`,
  };
}

function linearScale(plot: Plot): Scale {
  const values = plot.series.flatMap((own) => own.values.filter((value) => value !== undefined));
  const most = Math.max(...values, ...(plot.levels ?? []).map(({ value }) => value), 1e-9);
  const step = [0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500].find((size) => most / size <= 8) ?? most / 8;
  const top = Math.ceil(most / step) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  return {
    ticks,
    y: (value) => BOX.bottom - ((BOX.bottom - BOX.top) * value) / top,
    label: (value) => String(Number(value.toFixed(2))),
  };
}

/** The plot as the text of an SVG file. */
export function drawPlot(plot: Plot): string {
  const scale = plot.log === undefined ? linearScale(plot) : logScale(plot.log.from, plot.log.to);
  const step = (BOX.right - BOX.left) / Math.max(1, plot.places.length);
  const x = (place: number) => BOX.left + step * (place + 0.5);
  const parts = [
    text(BOX.left, 26, plot.title, 'font-size="16" font-weight="600"'),
    ...scale.ticks.flatMap((tick) => [
      line(BOX.left, scale.y(tick), BOX.right, scale.y(tick), `stroke="${INK}" stroke-opacity="0.25"`),
      text(BOX.left - 8, scale.y(tick) + 4, scale.label(tick), 'text-anchor="end"'),
    ]),
    ...plot.places.map((place, i) => text(x(i), BOX.bottom + 20, place, 'text-anchor="middle"')),
    text((BOX.left + BOX.right) / 2, BOX.bottom + 44, plot.xLabel, 'text-anchor="middle"'),
    `<g transform="translate(20 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)">${text(0, 0, plot.yLabel, 'text-anchor="middle"')}</g>`,
    ...(plot.levels ?? []).flatMap(({ name, value }) => [
      line(BOX.left, scale.y(value), BOX.right, scale.y(value), `stroke="${INK}" stroke-dasharray="5 4"`),
      text(BOX.left + 4, scale.y(value) - 5, name, 'font-size="11"'),
    ]),
  ];
  for (const [i, { name, values }] of plot.series.entries()) {
    const colour = COLOURS[i % COLOURS.length] as string;
    const points = values.flatMap((value, place) => (value === undefined ? [] : [[x(place), scale.y(value)] as const]));
    const path = points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const [px, py] of points)
      parts.push(`<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3.5" fill="${colour}"/>`);
    const at = BOX.top + 10 + 22 * i;
    parts.push(line(BOX.right + 16, at, BOX.right + 40, at, `stroke="${colour}" stroke-width="2"`));
    parts.push(text(BOX.right + 46, at + 4, name));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${escape(plot.title)}">\n${parts.join('\n')}\n</svg>\n`;
}
