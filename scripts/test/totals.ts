/** What one part of `npm test` counted. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** One text for each skipped test: its name and why. */
  readonly skipped: readonly string[];
}

export const NOTHING: Totals = { passed: 0, failed: 0, skipped: [] };

export const add = (a: Totals, b: Totals): Totals => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: [...a.skipped, ...b.skipped],
});

/** Reads the last line like `12 passed, 1 failed` or `12 passed, 1 failed, 2 skipped`, or undefined when there is none. */
export function parseTotals(output: string): Totals | undefined {
  const last = [...output.matchAll(/(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/g)].at(-1);
  if (!last) return undefined;
  const skipped = Array.from({ length: Number(last[3] ?? 0) }, () => 'see above');
  return { passed: Number(last[1]), failed: Number(last[2]), skipped };
}

/**
 * The totals of a part, with its failures to run counted as failed tests: a part that crashes, or runs nothing, has
 * not passed.
 */
export function judge(counted: Totals | undefined, exitCode: number): Totals {
  const totals = counted ?? NOTHING;
  const ranNothing = totals.passed + totals.failed === 0;
  const brokeUncounted = exitCode !== 0 && totals.failed === 0;
  return ranNothing || brokeUncounted ? { ...totals, failed: totals.failed + 1 } : totals;
}

/** The last line of `npm test`. */
export function summaryLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}
