/** Which deliveries of Slack were dealt with, for as long as one may come again. */
import type { Insertable } from 'kysely';
import type { Moment } from '../core/ids.ts';
import type { Store } from '../core/store.ts';
import type { Writer } from './dialect.ts';
import { plainKey } from './plain-key.ts';
import { prepared } from './prepared.ts';
import type { Database } from './schema.ts';
import type { Sql } from './sql.ts';
import { together } from './together.ts';

export function createDeliveries(sql: Sql): Pick<Store, 'wasHandled' | 'handled'> {
  const known = together(async (keys: readonly string[]) => {
    const { rows } = await sql.read((db) => keptDeliveries(db, { keys }));
    const kept = new Set(rows.map(({ key }) => key));
    return keys.map((key) => kept.has(key));
  });
  const kept = together((deliveries: readonly Handled[]) => sql.writeForNow((trx) => keep(trx, deliveries)));
  return {
    wasHandled: (key) => known(plainKey(key)),
    handled: (key, now, keepMs) => kept({ key: plainKey(key), now, keepMs }),
  };
}

interface Handled {
  readonly key: string;
  readonly now: Moment;
  readonly keepMs: number;
}

async function keep(trx: Writer, deliveries: readonly Handled[]): Promise<readonly undefined[]> {
  await forgetDeliveries(trx, { before: Math.min(...deliveries.map(({ now, keepMs }) => now - keepMs)) });
  // In one order for all replicas: two that keep the same ones otherwise would wait for each other.
  const seen = new Map(deliveries.map(({ key, now }) => [key, now]));
  const rows = [...seen].map(([key, now]) => ({ key, seen_at: now }));
  await keepDeliveries(
    trx,
    rows.sort((one, other) => (one.key < other.key ? -1 : 1)),
  );
  return deliveries.map(() => undefined);
}

const keptDeliveries = prepared((db, { keys }: { readonly keys: readonly string[] }) =>
  db.selectFrom('deliveries').select('key').where('key', 'in', keys),
);

const forgetDeliveries = prepared((db, { before }: { readonly before: number }) =>
  db.deleteFrom('deliveries').where('seen_at', '<', before),
);

const keepDeliveries = prepared((db, rows: readonly Insertable<Database['deliveries']>[]) =>
  db
    .insertInto('deliveries')
    .values(rows)
    .onConflict((conflict) => conflict.column('key').doNothing()),
);
