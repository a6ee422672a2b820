import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { Totals } from './totals.ts';

/** Where the runner reads what was counted. */
export const COUNTS_FILE = 'RECKON_TEST_COUNTS';

/**
 * Writes what a vitest run counted, with the reason of each skipped test, which vitest's own JSON leaves out.
 * @public vitest loads it by its path.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env[COUNTS_FILE];
    if (file) writeFileSync(file, JSON.stringify(count(modules, unhandled.length)));
  }
}

function count(modules: readonly TestModule[], unhandledErrors: number): Totals {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  // A file that cannot be loaded has no tests to count; it counts as one that failed.
  const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length;
  const skipped = tests.flatMap((test) => {
    const result = test.result();
    return result.state === 'skipped' ? [`${test.fullName}: ${result.note ?? 'no reason given'}`] : [];
  });
  const inState = (state: string) => tests.filter((test) => test.result().state === state).length;
  return { passed: inState('passed'), failed: inState('failed') + broken + unhandledErrors, skipped };
}
