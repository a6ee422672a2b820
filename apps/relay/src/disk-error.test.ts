import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { toDiskError } from './disk-error.ts';

test('a database without room, and a file system without room, are DISK_FULL', () => {
  const db = new Database(':memory:');
  db.pragma('max_page_count = 4');
  db.exec('create table entries (entry blob)');
  let thrown: unknown;
  try {
    db.prepare('insert into entries values (?)').run(new Uint8Array(100_000));
  } catch (error) {
    thrown = error;
  }
  db.close();
  expect(toDiskError(thrown, 'the journal')).toMatchObject({ code: 'DISK_FULL', details: { path: 'the journal' } });
  expect(toDiskError(Object.assign(new Error(), { code: 'ENOSPC' }), 'x')).toMatchObject({ code: 'DISK_FULL' });
});

test('any other error stays what it is', () => {
  const other = Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' });
  expect(toDiskError(other, 'x')).toBe(other);
  expect(toDiskError('text', 'x')).toBe('text');
});
