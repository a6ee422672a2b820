import type { VerifyReport } from '../result/verify-result.ts';

const glyphs = { ok: '█', failed: '╳', open: '·' } as const;

/** One line for each check, with the cell's glyphs. */
export const checkLines = ({ checks }: VerifyReport): string[] =>
  checks.map(({ name, status, words }) => `${glyphs[status]} ${name.padEnd(13)} ${words}`);
