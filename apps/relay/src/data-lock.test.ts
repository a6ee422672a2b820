import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { lockData } from './data-lock.ts';

const dir = mkdtempSync(join(tmpdir(), 'reckon-lock-'));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a second relay on the same folder is refused until the first lets go', () => {
  const unlock = lockData(dir);
  expect(() => lockData(dir)).toThrow(expect.objectContaining({ code: 'DATA_LOCKED' }));
  unlock();
  lockData(dir)();
});

test('the lock of a process that is gone is taken over', () => {
  lockData(dir)();
  writeFileSync(join(dir, 'relay.lock'), '999999999');
  lockData(dir)();
});

test('the lock of a process whose number is ours by now is taken over', () => {
  lockData(dir)();
  writeFileSync(join(dir, 'relay.lock'), `${process.pid} 1`);
  lockData(dir)();
});
