import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReckonError } from '@reckon/protocol/base/errors';
import { expect, test } from 'vitest';
import { orderCommand, parseLocalOptions } from './options.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

test('without options the usual ones are taken', () => {
  expect(parseLocalOptions([])).toMatchObject({
    port: 4280,
    dataDir: resolve('.reckon'),
    chainRpc: undefined,
    house: true,
    sample: true,
    fresh: false,
  });
});

test('the order to try names the relay unless it is where it is looked for', () => {
  expect(orderCommand(4280)).toBe('npx reckon run examples/digits/job.json --out results/');
  expect(orderCommand(5000)).toBe(
    'npx reckon run examples/digits/job.json --out results/ --relay http://127.0.0.1:5000',
  );
});

test('options are read', () => {
  const args = ['--port', '5000', '--no-house', '--no-sample', '--fresh', '--chain-rpc', 'http://127.0.0.1:8545'];
  expect(parseLocalOptions(args)).toMatchObject({ port: 5000, house: false, sample: false, fresh: true });
});

test.each([
  ['--port', '0'],
  ['--port', '70000'],
  ['--port', 'web'],
  ['--epoch-ms', '10'],
  ['--epoch-ms', '1e4'],
  ['--chain-rpc', 'ws://x'],
  ['--contracts', 'c.json'],
  ['--speed', 'fast'],
  ['start'],
])('%s %s is wrong usage', (...args) => {
  expect(() => parseLocalOptions(args)).toThrow(expect.objectContaining({ code: 'USAGE' }) as ReckonError);
});

test('wrong usage ends with exit code 2, and a port in use with 1 and its code', async () => {
  expect(spawnSync(process.execPath, [program, '--port', 'x'])).toMatchObject({ status: 2 });
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const data = join(tmpdir(), 'reckon-never-made');
  const { status, stderr } = spawnSync(process.execPath, [program, '--port', String(port), '--data', data]);
  taken.close();
  expect(status).toBe(1);
  expect(stderr.toString()).toContain(`PORT_IN_USE: Port ${port} is in use.`);
});
