/** Which deliveries of Slack were here before, for as long as one may come again. */
import type { Insertable } from 'kysely';
import type { Moment } from '../core/ids.ts';
import type { Store } from '../core/store.ts';
import type { Writer } from './dialect.ts';
import { plainKey } from './plain-key.ts';
import { prepared } from './prepared.ts';
import type { Database } from './schema.ts';
import type { Sql } from './sql.ts';
import { together } from './together.ts';

export function createDeliveries(sql: Sql): Pick<Store, 'firstTime'> {
  const isFirst = together((deliveries: readonly Delivered[]) => sql.write((trx) => keep(trx, deliveries)));
  return {
    firstTime: (key, now, keepMs) => isFirst({ key: plainKey(key), now, keepMs }),
  };
}

interface Delivered {
  readonly key: string;
  readonly now: Moment;
  readonly keepMs: number;
}

/** Of two of the same key one is the first. */
async function keep(trx: Writer, deliveries: readonly Delivered[]): Promise<readonly boolean[]> {
  await forgetDeliveries(trx, { before: Math.min(...deliveries.map(({ now, keepMs }) => now - keepMs)) });
  // In one order for all replicas: two that keep the same ones otherwise would wait for each other.
  const seen = new Map(deliveries.map(({ key, now }) => [key, now]));
  const rows = [...seen].map(([key, now]) => ({ key, seen_at: now }));
  const kept = await keepDeliveries(
    trx,
    rows.sort((one, other) => (one.key < other.key ? -1 : 1)),
  );
  const first = new Set(kept.rows.map(({ key }) => key));
  return deliveries.map(({ key }) => first.delete(key));
}

const forgetDeliveries = prepared((db, { before }: { readonly before: number }) =>
  db.deleteFrom('deliveries').where('seen_at', '<', before),
);

const keepDeliveries = prepared((db, rows: readonly Insertable<Database['deliveries']>[]) =>
  db
    .insertInto('deliveries')
    .values(rows)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key'),
);
