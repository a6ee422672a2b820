import { toJson } from '@reckon/protocol/base/json';
import { NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import { LeafAttestation, Salt } from '@reckon/protocol/model/attestation';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { toDiskError } from '../disk-error.ts';
import { createRevealIndex, type Reveal, type RevealStore } from './reveal-store.ts';

const Row = v.strictObject({ workUnitId: WorkUnitId, nodeId: NodeId, salt: Salt, attestation: LeafAttestation });

/**
 * Reveals in one SQLite file: WAL, synchronous=FULL. Those that arrive in one turn share one flush, as journal entries do.
 * @throws {ReckonError} MESSAGE_INVALID for a row that was changed by another program.
 */
export function openSqliteReveals(file: string): RevealStore {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`create table if not exists reveals (unit text not null, node text not null, reveal text not null,
    primary key (unit, node))`);
  const insert = db.prepare('insert or replace into reveals (unit, node, reveal) values (?, ?, ?)');
  const remove = db.prepare('delete from reveals where unit = ?');
  const index = createRevealIndex();
  for (const { reveal } of db.prepare('select reveal from reveals').iterate() as Iterable<{ reveal: string }>) {
    index.add(parse(Row, JSON.parse(reveal)));
  }
  let adding: Reveal[] = [];
  let dropping = new Set<WorkUnitId>();
  let turn: Promise<void> | undefined;

  const write = db.transaction((reveals: readonly Reveal[], dropped: Iterable<WorkUnitId>) => {
    for (const unit of dropped) remove.run(unit);
    for (const reveal of reveals) insert.run(reveal.workUnitId, reveal.nodeId, toJson(reveal));
  });

  function flush(): void {
    const [reveals, dropped] = [adding, dropping];
    [adding, dropping, turn] = [[], new Set(), undefined];
    if (reveals.length === 0 && dropped.size === 0) return;
    try {
      write(reveals, dropped);
    } catch (error) {
      throw toDiskError(error, 'the revealed results');
    }
  }

  return {
    put(reveal) {
      index.add(reveal);
      adding.push(reveal);
      turn ??= new Promise((resolve) => setImmediate(resolve)).then(flush);
      return turn;
    },
    of: index.of,
    units: index.units,
    drop(workUnitId) {
      // Written with the next reveals, or when closing: what is found again at a start is dropped again.
      if (!index.drop(workUnitId)) return;
      adding = adding.filter((reveal) => reveal.workUnitId !== workUnitId);
      dropping.add(workUnitId);
    },
    close() {
      if (!db.open) return;
      flush();
      db.close();
    },
  };
}
