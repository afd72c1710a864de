/** Who has lent their voice to whom: what the requests say that lent it and took it back, to be found at a click. */
import { delegationSchema } from '../core/delegation.ts';
import type { RequestEvent } from '../core/request.ts';
import type { Store } from '../core/store.ts';
import type { Writer } from './dialect.ts';
import type { Sql } from './sql.ts';

export function createDelegations(sql: Sql): Pick<Store, 'delegations'> {
  return {
    delegations: (now) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('delegations')
          .select('body')
          .where('until', '>', now)
          .orderBy('until')
          .orderBy('delegator')
          .execute();
        return rows.map(({ body }) => delegationSchema.parse(JSON.parse(body)));
      }),
  };
}

/** In the transaction of the events: a request that says it was lent, and a click that knows nothing of it, cannot be. */
export async function followDelegations(trx: Writer, events: readonly RequestEvent[]): Promise<void> {
  for (const event of events) {
    if (event.type !== 'succeeded') continue;
    const { delegation, delegationEnded } = event.outputs;
    const delegator = delegation?.from.id ?? delegationEnded;
    if (delegator === undefined) continue;
    await trx.deleteFrom('delegations').where('delegator', '=', delegator).execute();
    if (!delegation) continue;
    const { until } = delegation;
    await trx
      .insertInto('delegations')
      .values({ delegator, until, body: JSON.stringify(delegation) })
      .execute();
  }
}
