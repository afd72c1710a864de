/** Which deliveries of Slack were here before, for as long as one may come again. */
import type { Insertable } from 'kysely';
import type { Store } from '../core/store.ts';
import { prepared } from './prepared.ts';
import type { Database } from './schema.ts';
import type { Sql } from './sql.ts';

export function createDeliveries(sql: Sql): Pick<Store, 'firstTime'> {
  return {
    firstTime: (key, now, keepMs) =>
      sql.write(async (trx) => {
        await forgetDeliveries(trx, { before: now - keepMs });
        const { numAffectedRows } = await keepDelivery(trx, { key, seen_at: now });
        return (numAffectedRows ?? 0n) > 0n;
      }),
  };
}

const forgetDeliveries = prepared((db, { before }: { readonly before: number }) =>
  db.deleteFrom('deliveries').where('seen_at', '<', before),
);

const keepDelivery = prepared((db, row: Insertable<Database['deliveries']>) =>
  db
    .insertInto('deliveries')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing()),
);
