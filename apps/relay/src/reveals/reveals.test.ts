import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createMemoryReveals } from '../../testing/memory-reveals.ts';
import { acceptReveals, revealOf } from '../../testing/reveals-acceptance.ts';
import { openSqliteReveals } from './sqlite-reveals.ts';

const inTemporaryFile = () => {
  const dir = mkdtempSync(join(tmpdir(), 'reckon-reveals-'));
  const file = join(dir, 'reveals.sqlite');
  return { file, open: () => openSqliteReveals(file), cleanUp: () => rmSync(dir, { recursive: true, force: true }) };
};

acceptReveals('SQLite', inTemporaryFile);
acceptReveals('memory', () => {
  const store = createMemoryReveals();
  return { open: () => store, cleanUp() {} };
});

test('SQLite: a put that has resolved is in the file, whatever becomes of the process', async () => {
  const { file, open, cleanUp } = inTemporaryFile();
  const store = open();
  await Promise.all([store.put(revealOf(1, 1)), store.put(revealOf(1, 2))]);
  const other = new Database(file, { readonly: true });
  expect(other.prepare('select count(*) as count from reveals').get()).toEqual({ count: 2 });
  other.close();
  store.close();
  cleanUp();
});
