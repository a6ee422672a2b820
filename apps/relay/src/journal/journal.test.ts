import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { acceptJournal } from '../../testing/journal-acceptance.ts';
import { createMemoryJournal } from '../../testing/memory-journal.ts';
import { openSqliteJournal } from './sqlite-journal.ts';

const inTemporaryFile = () => {
  const dir = mkdtempSync(join(tmpdir(), 'reckon-journal-'));
  const file = join(dir, 'journal.sqlite');
  return { file, open: () => openSqliteJournal(file), cleanUp: () => rmSync(dir, { recursive: true, force: true }) };
};

acceptJournal('SQLite', inTemporaryFile);
acceptJournal('memory', () => {
  const entries: Uint8Array[] = [];
  return { open: () => createMemoryJournal(entries), cleanUp() {} };
});

test.each([
  ["update entries set entry = x'00' where idx = 1", 'its bytes have changed'],
  ['delete from entries where idx = 1', 'it is missing'],
])('SQLite: %s is found on reading and named', async (damage, cause) => {
  const { file, open, cleanUp } = inTemporaryFile();
  const journal = open();
  await journal.append(['a', 'b', 'c'].map(toUtf8));
  journal.close();
  const db = new Database(file);
  db.exec(damage);
  db.close();
  const damaged = open();
  expect(() => [...(damaged.read(0) as Iterable<Uint8Array>)]).toThrow(
    expect.objectContaining({ code: 'JOURNAL_CORRUPT', details: { index: 1, cause } }),
  );
  damaged.close();
  cleanUp();
});

test('SQLite: a journal that is open is refused to a second writer', () => {
  const { open, cleanUp } = inTemporaryFile();
  const journal = open();
  expect(open).toThrow(expect.objectContaining({ code: 'DATA_LOCKED' }));
  journal.close();
  open().close();
  cleanUp();
});
