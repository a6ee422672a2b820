import type { Log } from '@reckon/protocol/base/ports';
import type { Transaction } from 'kysely';
import type { BatchListener } from '../batch.ts';
import { type BatchRows, rowsOf, type SealedRows } from './rows.ts';
import type { ReadDb, ReadModelTables } from './schema.ts';

type Tx = Transaction<ReadModelTables>;

/** SQLite takes at most 32,766 parameters a statement; PostgreSQL 65,535. */
const chunked = <T>(rows: readonly T[], columns: number): T[][] => {
  const size = Math.floor(30_000 / columns);
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));
};

async function writeEpoch(tx: Tx, { epoch, receipts, charges, claims }: SealedRows): Promise<void> {
  const known = await tx.selectFrom('epochs').select('epoch').where('epoch', '=', epoch.epoch).executeTakeFirst();
  if (known !== undefined) {
    const { status, tx: hash } = epoch;
    await tx.updateTable('epochs').set({ status, tx: hash }).where('epoch', '=', epoch.epoch).execute();
    return;
  }
  await tx
    .insertInto('epochs')
    .values({ ...epoch, gas_used: null })
    .execute();
  for (const rows of chunked(receipts, 8)) await tx.insertInto('receipts').values(rows).execute();
  for (const rows of chunked(charges, 4)) await tx.insertInto('charges').values(rows).execute();
  const before = new Map((await newestClaims(tx)).map((row) => [row.account, BigInt(row.cumulative)]));
  const grown = claims.flatMap(({ account, cumulative }) => {
    const amount = cumulative - (before.get(account) ?? 0n);
    const row = { account, epoch: epoch.epoch, cumulative: String(cumulative), amount: String(amount) };
    return amount > 0n ? [row] : [];
  });
  for (const rows of chunked(grown, 4)) await tx.insertInto('claims').values(rows).execute();
}

/** Each account's cumulative claim as of `epoch`, by account: exactly what that epoch's claims tree was built from. */
export function newestClaims(db: ReadDb | Tx, epoch = 0x7fff_ffff) {
  const newest = db
    .selectFrom('claims')
    .select((eb) => ['account', eb.fn.max('epoch').as('epoch')])
    .where('epoch', '<=', epoch)
    .groupBy('account')
    .as('newest');
  return db
    .selectFrom('claims')
    .innerJoin(newest, (join) =>
      join.onRef('newest.account', '=', 'claims.account').onRef('newest.epoch', '=', 'claims.epoch'),
    )
    .select(['claims.account', 'claims.cumulative'])
    .orderBy('claims.account')
    .execute();
}

async function write(tx: Tx, rows: BatchRows): Promise<void> {
  for (const row of rows.jobs) {
    const { job_id: _key, ...values } = row;
    await tx
      .insertInto('jobs')
      .values(row)
      .onConflict((conflict) => conflict.column('job_id').doUpdateSet(values))
      .execute();
  }
  for (const row of rows.units) {
    const { job_id: _job, idx: _idx, ...values } = row;
    await tx
      .insertInto('units')
      .values(row)
      .onConflict((conflict) => conflict.columns(['job_id', 'idx']).doUpdateSet(values))
      .execute();
  }
  for (const row of rows.replicas) {
    const { work_unit_id: _unit, node_id: _node, ...values } = row;
    await tx
      .insertInto('replicas')
      .values(row)
      .onConflict((conflict) => conflict.columns(['work_unit_id', 'node_id']).doUpdateSet(values))
      .execute();
  }
  for (const row of rows.checks) {
    const { work_unit_id: _unit, position: _position, ...values } = row;
    await tx
      .insertInto('checks')
      .values(row)
      .onConflict((conflict) => conflict.columns(['work_unit_id', 'position']).doUpdateSet(values))
      .execute();
  }
  for (const row of rows.nodes) {
    const { node_id: _key, ...values } = row;
    await tx
      .insertInto('nodes')
      .values(row)
      .onConflict((conflict) => conflict.column('node_id').doUpdateSet(values))
      .execute();
  }
  for (const epoch of rows.epochs) await writeEpoch(tx, epoch);
  const value = String(rows.through);
  await tx.updateTable('meta').set({ value }).where('key', '=', 'projected_through').execute();
}

export interface Projector {
  listener: BatchListener;
  /** Resolves when everything flushed so far can be queried. */
  caughtUp(): Promise<void>;
}

/** Keeps the read model behind the journal: rows are copied when a batch is stepped and written once it is on disk. */
export function createProjector(
  db: ReadDb,
  projectedThrough: number,
  log: Log,
  onFailed: (error: unknown) => void,
): Projector {
  let queue: BatchRows[] = [];
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batches = queue;
      queue = [];
      try {
        await db.transaction().execute(async (tx) => {
          for (const rows of batches) await write(tx, rows);
        });
      } catch (error) {
        log.error({ error: String(error) }, 'read-model.failed');
        onFailed(error);
        break;
      }
    }
    running = undefined;
  }

  return {
    listener: (batch, state) => {
      const through = batch.firstIndex + batch.events.length;
      if (through <= projectedThrough) return undefined;
      const rows = rowsOf(batch.changes, state, through);
      return () => {
        queue.push(rows);
        running ??= drain();
        return running;
      };
    },
    async caughtUp() {
      while (running !== undefined) await running;
    },
  };
}
