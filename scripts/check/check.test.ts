import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findLongFiles, MAX_LINES } from './file-length.ts';
import { findForbiddenWords } from './forbidden-words.ts';
import { findLockedHosts, findUnlocked } from './lock-file.ts';
import type { Part } from './part.ts';
import { deadCodePart, layersPart, lintPart } from './parts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = (name: string): string => fileURLToPath(new URL(`../check-fixtures/${name}`, import.meta.url));

async function problemsOf(part: Part): Promise<string> {
  // Colours would split the words looked for.
  // oxlint-disable-next-line no-control-regex
  return (await part.run(new AbortController().signal)).problems.replace(/\u001b\[\d+m/g, '');
}

test('the layer rules catch every seeded import', async () => {
  const problems = await problemsOf(layersPart(root, fixture('layers')));
  const caught = [...problems.matchAll(/error ([\w-]+): (\S+)/g)].map(([, rule, from]) => `${rule} ${from}`);
  expect(new Set(caught)).toEqual(
    new Set([
      'protocol-base-uses-floors-below packages/protocol/src/base/upward.ts',
      'protocol-is-pure packages/protocol/src/base/impure.ts',
      'no-cycles packages/protocol/src/base/two.ts',
      'node-uses-protocol-and-kernels packages/node/src/node.ts',
      'relay-runs-no-kernel apps/relay/src/relay.ts',
      'relay-reaches-no-engine apps/relay/src/relay.ts',
      'relay-reaches-no-engine apps/relay/src/coordinator.ts',
      'relay-uses-rules-and-abi apps/relay/src/relay.ts',
      'no-tests-in-source apps/relay/src/relay.ts',
      'web-node-has-no-ui apps/web/src/node/engine.ts',
      'widget-loader-stands-alone apps/web/src/widget/loader/loader.ts',
      'widget-frame-has-no-wallet apps/web/src/widget/loader/loader.ts',
      'resolvable apps/local/src/lost.ts',
      'e2e-drives-the-running-system e2e/start.ts',
      'contracts-use-protocol contracts/deploy.ts',
      'laboratory-runs-the-rules sim/world.ts',
    ]),
  );
});

test('the linter catches floating and misused promises, cycles, barrels, any, console, the environment and an impure core', async () => {
  const problems = await problemsOf(lintPart(root, fixture('lint'), ['--format', 'unix']));
  const caught = [...problems.matchAll(/^(\S+?):(\d+):\d+:.*\[\w+\/(?:[\w@-]+\()?([\w/-]+)\)?\]$/gm)];
  const lines = (file: string): string[] =>
    caught.flatMap(([, path, line, rule]) => (path?.endsWith(file) ? [`${line} ${rule}`] : [])).toSorted();
  expect(lines('promises.ts')).toEqual([
    '12 no-misused-promises',
    '16 no-misused-promises',
    '4 no-floating-promises',
    '8 no-floating-promises',
  ]);
  expect(lines('habits.ts')).toEqual(['1 no-explicit-any', '1 no-process-env', '4 no-console']);
  expect(lines('cycle-a.ts')).toEqual(['1 no-cycle']);
  expect(lines('barrel.ts')).toEqual(['1 no-barrel-file']);
  expect(lines('impure.ts')).toEqual([
    '1 no-restricted-globals',
    '2 no-restricted-globals',
    '3 no-restricted-globals',
    '4 no-restricted-globals',
    '5 no-restricted-properties',
  ]);
});

test('an export nobody imports is dead, in files of the package surface too', async () => {
  const problems = await problemsOf(deadCodePart(root, fixture('dead')));
  expect(problems).toContain('deadExport');
  expect(problems).toContain('inDeadFile');
  expect(problems).not.toContain('alive');
});

test('a file of one line too many is too long, unless it is on the list', () => {
  const long = { path: 'packages/x/src/long.ts', text: 'x\n'.repeat(MAX_LINES + 1) };
  const fits = { path: 'packages/x/src/fits.ts', text: 'x\n'.repeat(MAX_LINES) };
  expect(findLongFiles([long, fits], {})).toEqual([expect.stringContaining('packages/x/src/long.ts: 301 lines')]);
  expect(findLongFiles([long, fits], { [long.path]: 'a table of RFC 0' })).toEqual([]);
  expect(findLongFiles([fits], { [fits.path]: 'a table of RFC 0' })).toEqual([expect.stringContaining('not long')]);
});

test('words the glossary rejects and paths of one machine are found, with their line', () => {
  const word = ['mi', 'ner'].join('');
  const path = ['/ho', 'me/someone'].join('');
  const found = findForbiddenWords([
    { path: 'apps/web/src/a.ts', text: `fine\nconst ${word} = 1;\n` },
    { path: 'docs/glossary.md', text: `never ${word}` },
    { path: 'docs/x.md', text: `open ${path}/x` },
  ]);
  expect(found).toEqual([
    `apps/web/src/a.ts:2: "${word}" (we are a Node and a Volunteer)`,
    expect.stringMatching(/^docs\/x\.md:1: .*a path of one machine/),
  ]);
});

test('a lock file that names a registry host is refused', () => {
  const packages = {
    'node_modules/@reckon/x': { resolved: 'packages/x', link: true },
    'node_modules/a': { resolved: 'https://registry.example/a.tgz' },
    'node_modules/b': {},
  };
  expect(findLockedHosts(JSON.stringify({ packages }))).toEqual([expect.stringContaining('node_modules/a')]);
});

test('a package.json the lock file does not know is refused', () => {
  const locked = { dependencies: { a: '1.0.0', b: '2.0.0' } };
  const lock = JSON.stringify({ packages: { '': {}, 'packages/x': locked, 'node_modules/a': { version: '1.0.0' } } });
  const manifest = (wanted: object) => (folder: string) => JSON.stringify(folder === '' ? {} : wanted);
  expect(findUnlocked(lock, manifest({ dependencies: { b: '2.0.0', a: '1.0.0' } }))).toEqual([]);
  expect(findUnlocked(lock, manifest({ dependencies: { a: '1.0.1', b: '2.0.0' } }))).toEqual([
    'package-lock.json: differs from packages/x/package.json. Run npm install.',
  ]);
});
