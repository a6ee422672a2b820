import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everyFunction, everyFunctionModel } from '@reckon/kernels/testing/guest-programs';
import { guest } from '@reckon/kernels/testing/wat';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../cli.ts';

let folder: string;
const path = (name: string) => join(folder, name);
const numbers = new Uint8Array(Float64Array.of(1, 2, 3, 4, 5).buffer);
const table = new Uint8Array(Float64Array.of(10).buffer);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-kernel-'));
  await writeFile(path('good.wasm'), everyFunction());
  await writeFile(path('trap.wasm'), guest('unreachable'));
  await writeFile(path('start.wasm'), guest('i32.const 0', '(func $s) (start $s)'));
  await writeFile(path('x.bin'), numbers);
  await writeFile(path('t.bin'), table);
});
afterAll(() => rm(folder, { recursive: true }));

async function cli(...argv: string[]) {
  const said: string[] = [];
  let printed = '';
  const exitCode = await runCli(['kernel', ...argv], {
    env: {},
    print: (text) => (printed += text),
    terminal: { columns: 80, say: (line) => void said.push(line), progress() {}, endProgress() {} },
    signal: new AbortController().signal,
  });
  return { exitCode, printed, said: said.join('\n') };
}

test.each([
  ['nothing to do', []],
  ['another thing to do', ['build', 'x.wasm']],
  ['no program', ['run']],
  ['a program of no known kind', ['run', 'x.exe']],
  ['two modules', ['run', 'a.wasm', 'b.wasm']],
  ['a module that is not there', ['run', '/nowhere/a.wasm']],
  ['an unknown option', ['run', 'a.wasm', '--fast']],
  ['half a unit', ['run', fileURLToPath(import.meta.url).replace(/\.ts$/, '.wasm'), '--units', '0.5']],
  ['a tensor without a name', ['run', 'm.onnx', '--input', 'x.npy']],
])('%s is wrong usage', async (_what, argv) => {
  const { exitCode, printed, said } = await cli(...argv);
  expect(exitCode).toBe(2);
  expect(printed).toBe('');
  expect(said).toMatch(/^USAGE: /);
});

test('a module runs on its input as volunteers run it, is compared with itself, and leaves its output', async () => {
  const out = path('out');
  const args = [
    '--input',
    path('x.bin'),
    '--table',
    path('t.bin'),
    '--record-bytes',
    '8',
    '--per-unit',
    '3',
    '--params',
    '[1]',
  ];
  const { exitCode, printed } = await cli('run', path('good.wasm'), ...args, '--out', out, '--check', '--json');
  expect(exitCode).toBe(0);
  const parts = [numbers.slice(0, 24), numbers.slice(24)].map((data, i) =>
    everyFunctionModel(i, 2, '[1]', data, table).slice(4),
  );
  expect(await readFile(join(out, 'output.bin'))).toEqual(Buffer.concat(parts));
  expect(JSON.parse(printed)).toMatchObject({
    ok: true,
    kernel: expect.stringMatching(/^custom-wasm@/),
    units: 2,
    memoryBytes: 65_536,
    checked: true,
    files: [
      { name: 'output.bin', sizeBytes: Buffer.concat(parts).length, sha256: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
      { name: 'outputs.json' },
    ],
  });
});

test('what is wrong with a module, and what goes wrong in it, is said with a code', async () => {
  expect((await cli('run', path('start.wasm'))).said).toMatch(/^GUEST_MODULE_INVALID: .*start function/);
  const { exitCode, said } = await cli('run', path('trap.wasm'));
  expect(exitCode).toBe(1);
  expect(said).toMatch(/^GUEST_TRAPPED: .*unreachable/);
});

test('the program’s own ending decides what runs it, not that of an option’s value', async () => {
  await writeFile(path('w.onnx'), table);
  const args = ['--table', path('w.onnx'), '--input', path('x.bin'), '--record-bytes', '8', '--params', '[1]'];
  const { printed } = await cli('run', ...args, path('good.wasm'), '--json');
  expect(JSON.parse(printed)).toMatchObject({ ok: true, kernel: expect.stringMatching(/^custom-wasm@/) });
});

test('a model runs on its tensors by name', async () => {
  const example = (name: string) => fileURLToPath(new URL(`../../../../../examples/digits/${name}`, import.meta.url));
  const { exitCode, printed } = await cli(
    'run',
    example('digits.onnx'),
    '--input',
    `images=${example('images.npy')}`,
    '--batch',
    '100',
    '--json',
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({
    units: 2,
    files: [{ name: 'probabilities.npy' }, { name: 'predictions.csv' }],
  });
});
