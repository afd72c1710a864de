/** Who was turned away: the newest of them, for a while. */
import { z } from 'zod';
import { dayMs } from '../core/duration.ts';
import { type Refusal, refusalSchema } from '../core/refusal.ts';
import type { Store } from '../core/store.ts';
import type { Sql } from './sql.ts';

/** Long enough for whoever looks into a case a quarter later. */
const keptMs = 92 * dayMs;
/** About 30 MB: whoever is turned away again and again must not fill the disk. */
const keptMax = 100_000;

export function createRefusals(sql: Sql): Pick<Store, 'addRefusal' | 'refusals'> {
  return {
    addRefusal: (refusal) =>
      sql.write(async (trx) => {
        const { id } = await trx
          .insertInto('refusals')
          .values({ at: refusal.at, body: JSON.stringify(refusal) })
          .returning('id')
          .executeTakeFirstOrThrow();
        await trx
          .deleteFrom('refusals')
          .where((row) => row.or([row('id', '<=', id - keptMax), row('at', '<', refusal.at - keptMs)]))
          .execute();
      }),

    refusals: (limit) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('refusals')
          .select('body')
          .orderBy('id', 'desc')
          .limit(limit)
          .execute();
        return rows.map(read);
      }),
  };
}

const rowSchema = z.object({ body: z.string() });

function read(row: unknown): Refusal {
  return refusalSchema.parse(JSON.parse(rowSchema.parse(row).body));
}
