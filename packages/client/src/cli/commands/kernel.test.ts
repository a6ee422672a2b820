import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everyFunction, everyFunctionModel } from '@reckon/kernels/testing/guest-programs';
import { encodeNpy } from '@reckon/kernels/tensor/npy';
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
    terminal: { columns: 80, say: (line) => void said.push(line), progress() {}, tick() {}, endProgress() {} },
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
  ['more seconds than a unit may take', ['run', 'm.wasm', '--seconds', '301']],
  ['no time at all', ['run', 'm.wasm', '--seconds', '0']],
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

test('numbers that are NaN or infinite are remarked on, and first values are shown', async () => {
  const data = new Uint8Array(Float64Array.of(1, Number.NaN, Number.NEGATIVE_INFINITY).buffer);
  await writeFile(path('odd.npy'), encodeNpy({ dtype: 'float64', shape: [3], data }));
  const copy = guest(
    '(call $read (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 24)) (call $write (i32.const 0) (i32.const 24)) i32.const 0',
    '(import "reckon" "input_read" (func $read (param i32 i32 i32 i32))) (import "reckon" "output_write" (func $write (param i32 i32)))',
  );
  await writeFile(path('copy.wasm'), copy);
  const args = ['run', path('copy.wasm'), '--input', path('odd.npy')];
  const { exitCode, printed } = await cli(...args, '--output-type', 'float64');
  expect(exitCode).toBe(0);
  expect(printed).toContain('output.npy: float64 [3]: 1, NaN, -Infinity\n');
  expect(printed).toContain('use --out DIR to keep them');
  expect(printed).toContain('Warning: odd.npy: of 3 numbers 1 are NaN and 1 infinite.');
  expect(printed).toContain('Warning: output.npy: of 3 numbers 1 are NaN and 1 infinite.');
  expect(JSON.parse((await cli(...args, '--json')).printed)).toMatchObject({
    warnings: [expect.stringContaining('odd.npy')],
  });
  expect((await cli(...args)).printed).toContain('output.bin begins: 00 00 00 00 00 00 f0 3f 00');
});

test('an endless loop is stopped after the time that is given, with what to do', async () => {
  await writeFile(path('loop.wasm'), guest('(loop $l (br $l)) i32.const 0'));
  const { exitCode, said } = await cli('run', path('loop.wasm'), '--seconds', '1');
  expect(exitCode).toBe(1);
  expect(said).toMatch(/^KERNEL_TIMEOUT: Unit 0 .*within 1000 ms.*Does a loop not end\? .*--seconds N/);
});

test('a unit that fails is named, and its error does not send back to the command that it came from', async () => {
  const second = guest(
    '(if (call $index) (then unreachable)) i32.const 0',
    '(import "reckon" "unit_index" (func $index (result i32)))',
  );
  await writeFile(path('second.wasm'), second);
  const { said } = await cli('run', path('second.wasm'), '--units', '3');
  expect(said).toMatch(/^GUEST_TRAPPED: Unit 1 .*WebAssembly \(unreachable\)\.$/);
});
