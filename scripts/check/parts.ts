import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findLongFiles } from './file-length.ts';
import { findForbiddenWords } from './forbidden-words.ts';
import { findLockedHosts, findUnlocked } from './lock-file.ts';
import { type Part, programPart } from './part.ts';
import { listSourceFiles, type SourceFile } from './source-files.ts';

/** Everything `npm run check` looks at, the longest first. */
export function checkParts(root: string): Part[] {
  const program = (path: string) => join(root, 'node_modules', path);
  return [
    programPart('types', program('typescript/bin/tsc'), ['-b'], root),
    layersPart(root, root),
    deadCodePart(root, root),
    lintPart(root, root, ['--ignore-pattern', 'scripts/check-fixtures']),
    programPart('format', program('@biomejs/biome/bin/biome'), ['format', '.'], root),
    filesPart('file length', root, findLongFiles),
    filesPart('words', root, findForbiddenWords),
    lockFilePart(root),
  ];
}

/** Lints `folder` with the project's rules, type-aware. */
export const lintPart = (root: string, folder: string, extra: readonly string[] = []): Part =>
  programPart(
    'lint',
    join(root, 'node_modules/oxlint/bin/oxlint'),
    ['--type-aware', '--deny-warnings', '-c', join(root, '.oxlintrc.json'), ...extra, '.'],
    folder,
  );

/** Checks layers and cycles of the workspaces below `folder`, whose paths are what the rules name. */
export const layersPart = (root: string, folder: string): Part =>
  programPart(
    'layers',
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
    layerArgs(root),
    folder,
  );

export const deadCodePart = (root: string, folder: string): Part =>
  programPart('dead code', join(root, 'node_modules/knip/bin/knip.js'), ['--no-progress', '--no-config-hints'], folder);

const layerArgs = (root: string): string[] => [
  '--config',
  join(root, '.dependency-cruiser.cjs'),
  '--output-type',
  'err',
  'packages',
  'apps',
  'contracts',
  'e2e',
  'bench',
  'sim',
];

function filesPart(name: string, root: string, find: (files: readonly SourceFile[]) => string[]): Part {
  return { name, run: async () => toOutcome(find(listSourceFiles(root))) };
}

function lockFilePart(root: string): Part {
  const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
  return {
    name: 'lock file',
    run: async () => {
      const lock = read('package-lock.json');
      return toOutcome([...findLockedHosts(lock), ...findUnlocked(lock, (folder) => read(folder, 'package.json'))]);
    },
  };
}

const toOutcome = (problems: readonly string[]) => ({ problems: problems.join('\n') });
