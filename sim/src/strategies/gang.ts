import type { Deed, Sight, Strategy } from '../strategy.ts';

/** What accomplices do with a unit that one of them had before: the same again, so that they agree. */
export function asAccomplices({ gang, workUnitId }: Sight): Deed | undefined {
  const share = gang.forged.get(workUnitId);
  if (share !== undefined) return { forge: share };
  return gang.right.has(workUnitId) ? {} : undefined;
}

/** All saboteurs work together: the same wrong bytes for a unit, and their checkers confirm them. */
export const colluding = (s: number, share = 1): Strategy => ({
  name: share === 1 ? `gang-${s}` : `gang-${s}-tampers-${share}`,
  about: `all work together: wrong with the chance ${s} in ${share * 100} % of the chunks; accomplices confirm it`,
  gang: 'all',
  check: 'confirm',
  compute: (sight) => asAccomplices(sight) ?? (sight.random.fraction() < s ? { forge: share } : {}),
});
