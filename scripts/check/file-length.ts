import type { SourceFile } from './source-files.ts';

export const MAX_LINES = 300;

/** Files allowed to be longer, each with the algorithm or table that cannot be cut, and its source. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

const CODE = /\.(ts|tsx|mts|mjs|cjs|js|sol|wgsl|css)$/;

/** One line of text for each source file that is too long, and for each exception that is no longer needed. */
export function findLongFiles(files: readonly SourceFile[], exceptions = EXCEPTIONS): string[] {
  const lengths = files
    .filter((file) => CODE.test(file.path) && !/\.(generated|wasm)\.\w+$/.test(file.path))
    .map(countLines);
  const tooLong = lengths.filter(({ path, lines }) => lines > MAX_LINES && exceptions[path] === undefined);
  const stale = Object.keys(exceptions).filter(
    (path) => !lengths.some((file) => file.path === path && file.lines > MAX_LINES),
  );
  return [
    ...tooLong.map(({ path, lines }) => `${path}: ${lines} lines; at most ${MAX_LINES}. Split it by concept.`),
    ...stale.map((path) => `${path}: is on the list of long files, but is not long. Remove it from the list.`),
  ];
}

const countLines = ({ path, text }: SourceFile) => ({
  path,
  lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
});
