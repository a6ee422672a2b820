import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COUNTS_FILE } from './count-reporter.ts';
import { type ProgramOptions, runProgram } from './run-program.ts';
import { judge, NOTHING, parseTotals, type Totals } from './totals.ts';

/** One part of `npm test`. */
export interface TestPart {
  readonly name: string;
  /** A part whose failure makes this one pointless. */
  readonly needs?: string;
  readonly run: (filters: readonly string[], signal: AbortSignal) => Promise<Totals>;
}

/** The parts in order: what fails fastest comes first, browsers last. */
export function testParts(root: string): TestPart[] {
  const options = (signal: AbortSignal, extra: NodeJS.ProcessEnv = {}): ProgramOptions => ({
    cwd: root,
    env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0', ...process.env, ...extra },
    signal,
  });

  const vitest = (project: string): TestPart['run'] => {
    return async (filters, signal) => {
      const folder = mkdtempSync(join(tmpdir(), 'reckon-test-'));
      const counts = join(folder, 'counts.json');
      const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts/test/count-reporter.ts')}`];
      const args = ['run', '--project', project, ...reporters, ...filters];
      try {
        const program = join(root, 'node_modules/vitest/vitest.mjs');
        const { exitCode } = await runProgram(program, args, options(signal, { [COUNTS_FILE]: counts }));
        return judge(readCounts(counts), exitCode);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    };
  };

  return [
    { name: 'unit', run: vitest('unit') },
    {
      name: 'contracts',
      run: async (filters, signal) => {
        const { exitCode, output } = await runProgram(
          join(root, 'contracts/scripts/test.ts'),
          filters,
          options(signal),
        );
        return judge(parseTotals(output), exitCode);
      },
    },
    {
      name: 'build',
      run: async (_filters, signal) => {
        // The program that npm start builds with, so that the journeys find the build they would make.
        const build = await runProgram(join(root, 'apps/local/src/build-main.ts'), [], options(signal));
        if (build.exitCode !== 0) return { ...NOTHING, failed: 1 };
        const size = await runProgram(join(root, 'node_modules/size-limit/bin.js'), [], options(signal));
        // Two claims: it builds, and it stays within the budgets of .size-limit.json.
        return size.exitCode === 0 ? { ...NOTHING, passed: 2 } : { ...NOTHING, passed: 1, failed: 1 };
      },
    },
    { name: 'browser', run: vitest('browser') },
    { name: 'e2e', needs: 'build', run: vitest('e2e') },
  ];
}

function readCounts(file: string): Totals | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Totals;
  } catch {
    return undefined; // the run ended before it could count
  }
}
