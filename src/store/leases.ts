/** What only one replica does at a time: leases by name that lapse, and a fence that rises with each claim. */
import { z } from 'zod';
import type { Lease, Store } from '../core/store.ts';
import { prepared } from './prepared.ts';
import type { Sql } from './sql.ts';

export function createLeases(sql: Sql): Pick<Store, 'claimLease' | 'renewLease' | 'releaseLease'> {
  return {
    claimLease: (name, holder, now, leaseMs) =>
      sql.write(async (trx) => {
        const row = await trx
          .insertInto('leases')
          .values({ name, holder, fence: 1, until: now + leaseMs })
          .onConflict((taken) =>
            taken
              .column('name')
              .doUpdateSet((lease) => ({
                holder,
                fence: lease('leases.fence', '+', 1),
                until: now + leaseMs,
              }))
              .where((free) =>
                free.or([
                  free('leases.until', '<=', now),
                  // Its holder asks again because it never heard the answer.
                  free('leases.holder', '=', holder),
                  // Of a clock that was set back since: nobody could hold it that long.
                  free('leases.until', '>', now + 2 * leaseMs),
                ]),
              ),
          )
          .returningAll()
          .executeTakeFirst();
        return row && leaseRow.parse(row);
      }),

    renewLease: (lease, now, leaseMs) =>
      sql.writeForNow(async (trx) => {
        const { numAffectedRows = 0n } = await prolong(trx, { ...lease, until: now + leaseMs });
        return numAffectedRows > 0n;
      }),

    // The row stays, without a holder: the next fence is higher still.
    releaseLease: (lease) =>
      sql.write(async (trx) => {
        await trx
          .updateTable('leases')
          .set({ holder: '', until: 0 })
          .where('name', '=', lease.name)
          .where('holder', '=', lease.holder)
          .where('fence', '=', lease.fence)
          .execute();
      }),
  };
}

const prolong = prepared((db, { name, holder, fence, until }: Lease) =>
  db
    .updateTable('leases')
    .set({ until })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .where('fence', '=', fence),
);

/** PostgreSQL gives a bigint as text. */
const leaseRow = z.object({
  name: z.string(),
  holder: z.string().min(1),
  fence: z.coerce.number().int().min(1),
  until: z.coerce.number().int(),
});
