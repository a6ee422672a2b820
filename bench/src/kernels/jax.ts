import { openBrowserPage } from './open-page.ts';
import type { Effort, Rounds } from './page-api.ts';
import { summarise } from './rows.ts';
import type { Interval } from './statistics.ts';

/**
 * Our f32 product beside jax-js on a page of its own, which is not isolated so that jax-js stays on one thread. For
 * information: a reason instead of figures where it does not run.
 */
export async function besideJax(sides: readonly number[], effort: Effort): Promise<Record<string, Interval | string>> {
  const page = await openBrowserPage('jax', {});
  try {
    const found: Record<string, Interval | string> = {};
    for (const side of sides) {
      const size = { m: side, k: side, n: side };
      const rounds = await page.call<Rounds>('measure', side, effort).catch((error: unknown) => String(error));
      found[`${side}`] =
        typeof rounds === 'string' ? rounds : summarise({ kind: 'f32', ...size }, rounds).faster('jax');
    }
    return found;
  } finally {
    await page.close();
  }
}
