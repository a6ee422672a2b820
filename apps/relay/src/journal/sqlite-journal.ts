import { hash } from 'node:crypto';
import { ReckonError } from '@reckon/protocol/base/errors';
import Database from 'better-sqlite3';
import { toDiskError } from '../disk-error.ts';
import type { Journal } from './journal.ts';

const digestOf = (entry: Uint8Array): Uint8Array => hash('sha256', entry, 'buffer');

/** As many as one bundle of the public log holds, which is what is read most. */
const PAGE = 256;

/** How long the last process may take to let go. */
const LOCK_MS = 1000;

interface Row {
  idx: number;
  entry: Uint8Array;
  digest: Uint8Array;
}

/** Locked for this process alone, by the system: two writers would each overwrite what the other decided. */
function openAlone(file: string): Database.Database {
  const db = new Database(file, { timeout: LOCK_MS });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec('begin exclusive; commit');
    return db;
  } catch (error) {
    db.close();
    const { code } = error as { code?: unknown };
    throw code === 'SQLITE_BUSY' ? new ReckonError('DATA_LOCKED', { path: file, pid: 0 }, { cause: error }) : error;
  }
}

/**
 * A journal in one SQLite file: WAL, synchronous=FULL, one transaction per append, one process at a time.
 * @throws {ReckonError} DATA_LOCKED
 */
export function openSqliteJournal(file: string): Journal {
  const db = openAlone(file);
  db.exec('create table if not exists entries (idx integer primary key, entry blob not null, digest blob not null)');
  const insert = db.prepare('insert into entries (idx, entry, digest) values (?, ?, ?)');
  const page = db.prepare(`select idx, entry, digest from entries where idx >= ? order by idx limit ${PAGE}`);
  const last = db.prepare('select max(idx) as last from entries').get() as { last: number | null };
  let size = last.last === null ? 0 : last.last + 1;

  const appendAll = db.transaction((entries: readonly Uint8Array[]) => {
    for (const [i, entry] of entries.entries()) insert.run(size + i, entry, digestOf(entry));
  });

  function* read(from: number): Generator<Uint8Array> {
    for (let next = from; ; ) {
      const rows = page.all(next) as Row[];
      for (const row of rows) {
        if (row.idx !== next) throw new ReckonError('JOURNAL_CORRUPT', { index: next, cause: 'it is missing' });
        if (Buffer.compare(digestOf(row.entry), row.digest) !== 0) {
          throw new ReckonError('JOURNAL_CORRUPT', { index: next, cause: 'its bytes have changed' });
        }
        yield new Uint8Array(row.entry);
        next++;
      }
      if (rows.length === 0) return;
    }
  }

  return {
    get size() {
      return size;
    },
    async append(entries) {
      try {
        appendAll(entries);
      } catch (error) {
        throw toDiskError(error, 'the journal');
      }
      size += entries.length;
    },
    read,
    close: () => void db.close(),
  };
}
