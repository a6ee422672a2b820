import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeSettledResult } from '../../testing/settled-result.ts';
import { loadResult, saveResult } from '../files/result-folder.ts';
import { zipResult } from '../result/zip.ts';
import { runCli } from './cli.ts';
import { cellRow, createTerminal, progressLine } from './terminal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Nothing listens on port 1 of a machine that is not a museum. */
const RELAY_ELSEWHERE = 'http://127.0.0.1:1';

async function cli(...argv: string[]) {
  const said: string[] = [];
  let printed = '';
  const exitCode = await runCli(argv, {
    env: { RECKON_RELAY: RELAY_ELSEWHERE, XDG_CONFIG_HOME: folder },
    print: (text) => (printed += text),
    terminal: { columns: 80, say: (line) => void said.push(line), progress() {}, tick() {}, endProgress() {} },
    signal: new AbortController().signal,
  });
  return { exitCode, printed, said: said.join('\n') };
}

test.each([
  ['nothing at all', []],
  ['an unknown command', ['mine']],
  ['an unknown option', ['status', '--fast']],
  ['run without a job file', ['run', '--out', 'x']],
  ['run without --out', ['run', 'job.json']],
  ['verify without a result', ['verify']],
  ['verify with a relay that it is not to ask', ['verify', 'x', '--offline', '--relay', 'http://127.0.0.1:1']],
  ['verify with two ways to the chain', ['verify', 'x', '--offline', '--rpc', 'http://127.0.0.1:1']],
  ['a relay that is no address', ['status', '--relay', 'ftp://x']],
  ['a job id that is none', ['status', '0x12']],
  ['half a worker', ['node', '--workers', '0.5']],
  ['green hours of no day', ['node', '--green-hours', '10-25']],
  ['green hours in words', ['node', '--green-hours', 'noon']],
  ['electricity beyond any', ['node', '--grams-per-kwh', '5000']],
])('%s is wrong usage: exit code 2, with and without --json', async (_what, argv) => {
  const plain = await cli(...argv);
  expect(plain.exitCode).toBe(2);
  expect(plain.printed).toBe('');
  const { exitCode, printed } = await cli(...argv, '--json');
  expect(exitCode).toBe(2);
  expect(JSON.parse(printed)).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^[A-Z_]+$/) } });
});

test('a refusal is exit code 1 and one JSON object with code, details and words', async () => {
  const { exitCode, printed } = await cli('status', '--json');
  expect(exitCode).toBe(1);
  expect(printed.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(printed)).toMatchObject({
    ok: false,
    error: {
      code: 'RELAY_UNREACHABLE',
      details: { url: RELAY_ELSEWHERE },
      message: expect.stringContaining('npm start'),
    },
  });
  expect((await cli('status')).said).toContain('RELAY_UNREACHABLE: ');
});

test('a bad job file is found before the relay is asked', async () => {
  const path = join(folder, 'job.json');
  await writeFile(path, '{"title":"x"}');
  const { exitCode, printed } = await cli('run', path, '--out', join(folder, 'out'), '--json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(printed).error).toMatchObject({ code: 'JOB_FILE_INVALID', details: { path: 'requester' } });
});

test('help and version are done, exit code 0', async () => {
  expect(await cli('help')).toMatchObject({ exitCode: 0, printed: expect.stringContaining('reckon verify') });
  expect(await cli('--version')).toMatchObject({ exitCode: 0, printed: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(JSON.parse((await cli('--version', '--json')).printed)).toMatchObject({ ok: true });
});

test('an honest result is verified from its folder, its result.json and its zip', async () => {
  const { files } = await makeSettledResult();
  const out = join(folder, 'out');
  await saveResult(out, files);
  expect(await loadResult(out)).toEqual(files);
  await writeFile(join(folder, 'out.zip'), zipResult(files));
  for (const path of [out, join(out, 'result.json'), join(folder, 'out.zip')]) {
    const { exitCode, printed } = await cli('verify', path, '--offline', '--json');
    expect(JSON.parse(printed)).toMatchObject({ ok: true, accepted: 6, chain: false, settled: false });
    expect(exitCode).toBe(0);
  }
});

test('a tampered result is exit code 1 with the file and the check', async () => {
  const { files } = await makeSettledResult();
  await saveResult(folder, files);
  const path = join(folder, 'units', '000001.bin');
  const bytes = await readFile(path);
  bytes[3] = (bytes[3] ?? 0) ^ 1;
  await writeFile(path, bytes);
  const { exitCode, printed } = await cli('verify', folder, '--offline', '--json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(printed).error).toMatchObject({
    code: 'RESULT_INVALID',
    details: { file: 'units/000001.bin', check: 'results' },
  });
});

test('what is no result at all is refused by its name', async () => {
  const path = join(folder, 'notes.txt');
  await writeFile(path, 'hello');
  expect((await cli('verify', path)).said).toContain('not a zip archive');
  expect((await cli('verify', join(folder, 'none'))).said).toContain('NOT_FOUND');
  expect((await cli('verify', folder)).said).toContain('result.json');
});

test('a result file cannot be written outside its folder', async () => {
  for (const name of ['../x', '/x', 'a/../../x', 'a/b/c', '']) {
    await expect(saveResult(folder, new Map([[name, new Uint8Array(1)]]))).rejects.toMatchObject({
      code: 'RESULT_INVALID',
    });
  }
});

test('a row of cells shows for many units the least advanced of each group', () => {
  const cell = (status: 'pending' | 'issued' | 'accepted' | 'failed', progress = 0, revealed = 0) => ({
    status,
    leased: 1,
    revealed,
    progress,
    digest: null,
  });
  const cells = [
    cell('pending'),
    cell('issued', 0.1),
    cell('issued', 0.9),
    cell('issued', 0, 1),
    cell('accepted'),
    cell('failed'),
  ];
  expect(cellRow(cells, 80)).toBe('·▖▙▒█╳');
  expect(cellRow(cells, 3)).toBe('·▙╳');
  expect(cellRow([], 10)).toBe('');
});

test('the progress line says how much, by how many and what state', () => {
  const job = { units: { total: 4, accepted: 1 }, nodes: 1, status: 'running' } as never;
  expect(progressLine({ job, cells: [] }, 80)).toContain('1/4 accepted · 25 % · 1 node · running');
});

test.each([
  [['verify', 'x', '--inpt'], 'reckon verify does not take --inpt; see reckon help'],
  [['kernel', 'run', 'a.wasm', '--inpt', 'x'], 'reckon kernel run does not take --inpt; see reckon help'],
  [['audit', 'x'], 'reckon audit takes no "x"; see reckon help'],
  [['status', '--relay'], '--relay of reckon status needs a value; see reckon help'],
  [['run', 'job.json', '--no-settle=1'], '--no-settle of reckon run takes no value; see reckon help'],
])('%j is refused in words that name the command', async (argv, words) => {
  expect((await cli(...argv)).said).toBe(`USAGE: ${words}`);
});

test.each([['run'], ['node'], ['status'], ['verify'], ['audit'], ['claim'], ['kernel', 'run']])(
  '%s --help prints the help',
  async (...command) => {
    expect(await cli(...command, '--help')).toMatchObject({
      exitCode: 0,
      printed: expect.stringContaining('--seconds'),
    });
  },
);

test('a run’s seconds are a line of a terminal each, and of a log one in ten', () => {
  const lines = (isTTY: boolean) => {
    const written: string[] = [];
    const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
    const terminal = createTerminal(false, stream);
    terminal.progress('unit 1 of 1');
    for (let i = 1; i < 5; i++) terminal.tick(`unit 1 of 1, ${i} s`);
    return written;
  };
  expect(lines(false)).toEqual(['unit 1 of 1\n']);
  expect(lines(true).at(-1)).toContain('unit 1 of 1, 4 s');
});
