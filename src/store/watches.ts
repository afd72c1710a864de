/** Messages that follow something for a while: one row each, until it has said its last word. */
import { z } from 'zod';
import { personIdSchema } from '../core/ids.ts';
import type { Store } from '../core/store.ts';
import { tooManyWatches, type Watch } from '../core/watch.ts';
import type { Reader, Writer } from './dialect.ts';
import type { WatchesTable } from './schema.ts';
import type { Sql } from './sql.ts';

export function createWatches(
  sql: Sql,
): Pick<Store, 'addWatch' | 'watchPosted' | 'watches' | 'stopWatch' | 'endWatch'> {
  return {
    addWatch: (watch) => sql.write((trx) => add(sql, trx, watch)),
    watchPosted: ({ id, channel, ts }) =>
      sql.write(async (trx) => {
        await trx.updateTable('watches').set({ channel, ts }).where('id', '=', id).execute();
      }),
    watches: () => sql.read(all),
    stopWatch: (id, words) =>
      sql.write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('watches')
          .set({ stopped: words })
          .where('id', '=', id)
          .where('stopped', 'is', null)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),
    endWatch: (id) =>
      sql.write(async (trx) => {
        const { numDeletedRows } = await trx.deleteFrom('watches').where('id', '=', id).executeTakeFirst();
        return numDeletedRows > 0n;
      }),
  };
}

/** Counted and written in one transaction: of two that come at once, one may be the one too many. */
async function add(sql: Sql, trx: Writer, watch: Watch): ReturnType<Store['addWatch']> {
  await sql.dialect.lockTable(trx, 'watches');
  const refused = tooManyWatches(await all(trx), watch);
  if (refused) return refused;
  const { by, input, ...row } = watch;
  await trx
    .insertInto('watches')
    .values({ ...row, person: by, input: JSON.stringify(input) })
    .execute();
  return 'added';
}

async function all(db: Reader): Promise<readonly Watch[]> {
  return (await db.selectFrom('watches').selectAll().orderBy('until').execute()).map(read);
}

const inputSchema = z.record(z.string(), z.unknown());

function read({ person, input, until, stopped, ...row }: WatchesTable): Watch {
  const said = stopped === null ? {} : { stopped };
  return {
    ...row,
    ...said,
    until: Number(until),
    by: personIdSchema.parse(person),
    input: inputSchema.parse(JSON.parse(input)),
  };
}
