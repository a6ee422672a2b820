import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { createTables, READ_MODEL_VERSION, type ReadDb } from './schema.ts';

async function readMeta(db: ReadDb): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>`select name from sqlite_master where name = 'meta'`.execute(db);
  if (tables.rows.length === 0) return {};
  const rows = await db.selectFrom('meta').selectAll().execute();
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

function open(file: string): ReadDb {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  // A lost write is projected again from the journal; a torn one cannot happen.
  database.pragma('synchronous = NORMAL');
  return new Kysely({ dialect: new SqliteDialect({ database }) });
}

/** A file that is no database any more is worth no more than one that is missing. */
async function openOrReplace(file: string): Promise<{ db: ReadDb; meta: Record<string, string> }> {
  try {
    const db = open(file);
    return { db, meta: await readMeta(db) };
  } catch {
    for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
    return { db: open(file), meta: {} };
  }
}

/**
 * Opens the read model, empty if it is missing, spoiled, of another version, or ahead of the journal (which then is
 * another one). It is disposable: everything in it comes from the journal.
 */
export async function openReadModel(
  file: string,
  journal: { size: number },
): Promise<{ db: ReadDb; projectedThrough: number }> {
  const { db, meta } = await openOrReplace(file);
  const projectedThrough = Number(meta['projected_through']);
  if (meta['version'] === String(READ_MODEL_VERSION) && projectedThrough <= journal.size) {
    return { db, projectedThrough };
  }
  await createTables(db);
  return { db, projectedThrough: 0 };
}
