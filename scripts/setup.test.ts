import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ensureBrowser, findBrowser } from './find-browser.mjs';

const childModule = new URL('./child.mjs', import.meta.url).href;
const run = fileURLToPath(new URL('./run.mjs', import.meta.url));

/** A process that runs `program` through `runForeground` and exits with what that resolved to. */
function startForeground(program: string) {
  const source = `import { runForeground } from ${JSON.stringify(childModule)};
    process.exitCode = await runForeground(process.execPath, ['-e', ${JSON.stringify(program)}]);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parent.stdout.setEncoding('utf8');
  return parent;
}

/** A program that closes in its own time on a signal. */
const graceful = (signal: string) => `
    process.on('${signal}', () => { console.log('closing'); setImmediate(() => { console.log('closed'); process.exit(7); }); });
    setInterval(() => {}, 1000);
    console.log('ready');`;

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s reaches the command, which ends in its own time and with its own exit code',
  async (signal) => {
    const parent = startForeground(graceful(signal));
    let output = '';
    parent.stdout.on('data', (text: string) => {
      output += text;
      if (text.includes('ready')) parent.kill(signal);
    });
    const [code] = await once(parent, 'close');
    expect(output.trim().split('\n')).toEqual(['ready', 'closing', 'closed']);
    expect(code).toBe(7);
  },
);

test("a command ends when npm's shell was ended, which tells nobody", async () => {
  const source = `import { runForeground } from ${JSON.stringify(childModule)};
    await runForeground(process.execPath, ['-e', ${JSON.stringify(graceful('SIGTERM'))}]);`;
  // What stands behind keeps the shell from becoming the command.
  const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1"; true', process.execPath, source], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: 'start' },
  });
  let output = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (text.includes('ready')) shell.kill('SIGTERM');
  });
  await once(shell, 'close');
  expect(output.trim().split('\n')).toEqual(['ready', 'closing', 'closed']);
});

test('a command that a signal ended exits with 128 and the number of the signal', async () => {
  const [code] = await once(
    startForeground(`process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`),
    'close',
  );
  expect(code).toBe(143);
});

test('an unknown command is a usage error, exit code 2', async () => {
  const child = spawn(process.execPath, [run, 'nonsense'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = await once(child, 'close');
  expect(code).toBe(2);
  expect(errors).toContain('USAGE: Usage: npm run <start | dev | demo');
});

test('a browser named by hand is taken, and no other when it is not there', () => {
  expect(findBrowser({ CHROMIUM_PATH: process.execPath })).toBe(process.execPath);
  const missing = { CHROMIUM_PATH: '/nowhere/chromium' };
  expect(findBrowser(missing)).toBeUndefined();
  expect(() => ensureBrowser(missing, () => {})).toThrow(
    expect.objectContaining({ code: 'BROWSER_MISSING', message: expect.stringContaining('/nowhere/chromium') }),
  );
});
