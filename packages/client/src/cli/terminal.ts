import type { JobProgress } from '../watch-job.ts';

/** What a command may do to the outside: tests give their own. */
export interface Terminal {
  /** One line for a person; silent with `--json`. */
  say(line: string): void;
  /** The line that is written over and over; plain when not on a terminal, silent with `--json`. */
  progress(line: string): void;
  /** The same where nothing but the time has changed: a log has a line of it every ten seconds at most. */
  tick(line: string): void;
  /** Ends the progress line, keeping its last text. */
  endProgress(): void;
  readonly columns: number;
}

const PLAIN_LINE_MS = 1_000;
const PLAIN_TICK_MS = 10_000;

/** Writes to stderr, so that standard output holds only the answer. */
export function createTerminal(json: boolean, stream: NodeJS.WriteStream = process.stderr): Terminal {
  let shown = '';
  let writtenAt = Number.NEGATIVE_INFINITY;
  const endProgress = () => {
    if (shown !== '' && stream.isTTY) stream.write('\n');
    shown = '';
  };
  const progress = (line: string, everyMs: number) => {
    if (json || line === shown) return;
    shown = line;
    if (stream.isTTY) return void stream.write(`\r\x1b[2K${line.slice(0, (stream.columns ?? 80) - 1)}`);
    // Without a terminal a change is a line of its own, which a log can keep.
    if (performance.now() - writtenAt < everyMs) return;
    writtenAt = performance.now();
    stream.write(`${line}\n`);
  };
  return {
    columns: stream.columns ?? 80,
    say(line) {
      if (json) return;
      endProgress();
      stream.write(`${line}\n`);
    },
    progress: (line) => progress(line, PLAIN_LINE_MS),
    tick: (line) => progress(line, PLAIN_TICK_MS),
    endProgress,
  };
}

type Cell = JobProgress['cells'][number];
const COMPUTING = ['▖', '▌', '▙'] as const;

/** A work unit as one character (the cell of the screens): pending, computing, waiting for others, accepted, failed. */
export function cellGlyph(cell: Pick<Cell, 'status' | 'leased' | 'revealed' | 'progress'>): string {
  if (cell.status === 'accepted') return '█';
  if (cell.status === 'failed') return '╳';
  if (cell.status === 'pending') return cell.revealed > 0 ? '▒' : '·';
  if (cell.revealed > 0 && cell.progress === 0) return '▒';
  return COMPUTING[Math.min(2, Math.floor(cell.progress * 3))] ?? '▖';
}

const worth = (glyph: string): number => '╳·▖▌▙▒█'.indexOf(glyph);

/** A job as a row of at most `width` cells; each shows the least advanced of the units it stands for. */
export function cellRow(cells: readonly Cell[], width: number): string {
  const count = Math.min(width, cells.length);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * cells.length) / count);
    const to = Math.floor(((i + 1) * cells.length) / count);
    const glyphs = cells.slice(from, to).map(cellGlyph);
    return glyphs.reduce((least, glyph) => (worth(glyph) < worth(least) ? glyph : least));
  }).join('');
}

/** The progress of a job in one line. */
export function progressLine({ job, cells }: JobProgress, columns: number): string {
  const { total, accepted } = job.units;
  const percent = total === 0 ? 0 : Math.floor((100 * accepted) / total);
  const words = `${accepted}/${total} accepted · ${percent} % · ${job.nodes} ${job.nodes === 1 ? 'node' : 'nodes'} · ${job.status}`;
  return `${cellRow(cells, Math.max(8, Math.min(48, columns - words.length - 4)))}  ${words}`;
}
