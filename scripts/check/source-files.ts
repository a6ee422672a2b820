import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text file of the project, by its path from the root with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Folders that are not ours, or not written by hand. */
const SKIPPED = new Set(
  (
    'node_modules .git .node .types .reckon dist coverage artifacts cache generated ' +
    'results screenshots check-fixtures shared'
  ).split(' '),
);
const TEXT = /\.(ts|tsx|mts|mjs|cjs|js|json|sol|wgsl|css|html|md|sh|yml|yaml|txt)$|^\.ci\/run$/;

/** Every text file below `root` that a person wrote. Folder names decide, not Git, so that it works on an unpacked archive. */
export function listSourceFiles(root: string, folder = ''): SourceFile[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  return entries.flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (SKIPPED.has(entry.name)) return [];
    if (entry.isDirectory()) return listSourceFiles(root, path);
    return entry.isFile() && TEXT.test(path) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : [];
  });
}
