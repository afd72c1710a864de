/** Which deliveries of Slack were dealt with, for as long as one may come again; and clicks that are yet to be. */
import type { Insertable } from 'kysely';
import type { Moment } from '../core/ids.ts';
import type { KeptClick, Store } from '../core/store.ts';
import type { Reader, SqlDialect, Writer } from './dialect.ts';
import { plainKey } from './plain-key.ts';
import { prepared } from './prepared.ts';
import type { Database } from './schema.ts';
import type { Sql } from './sql.ts';
import { together } from './together.ts';

export function createDeliveries(
  sql: Sql,
): Pick<Store, 'wasHandled' | 'handled' | 'keepClick' | 'holdClick' | 'lapsedClicks'> {
  const lapsedRows = lapsedRowsOf(sql.dialect);
  const known = together(async (keys: readonly string[]) => {
    const { rows } = await sql.read((db) => rowsOf(db, { keys }));
    const kept = new Set(rows.map(({ key }) => key));
    return keys.map((key) => kept.has(key));
  });
  const handled = together((all: readonly Handled[]) => sql.writeForNow((trx) => endAll(trx, all)));
  const kept = together((all: readonly Row[]) => sql.writeOnce((trx) => keepAll(trx, all)));
  return {
    wasHandled: (key) => known(plainKey(key)),
    handled: (key, now, keepMs) => handled({ key: plainKey(key), now, keepMs }),
    keepClick: (key, click, now, heldMs) =>
      kept({ key: plainKey(key), seen_at: now, click, held_until: now + heldMs }),
    holdClick: (key, now, heldMs) =>
      sql.writeForNow(async (trx) => {
        await hold(trx, { key: plainKey(key), until: now + heldMs });
      }),
    async lapsedClicks(now, heldMs, settledMs) {
      const lapsed = { now, impossible: now + 2 * heldMs };
      const { rows: seen } = await sql.read((db) => firstLapsed(db, lapsed));
      const isSettled = ({ held_until }: { readonly held_until: number | null }) =>
        Number(held_until) <= now - settledMs || Number(held_until) > lapsed.impossible;
      if (!seen.some(isSettled)) return [];
      return sql.write(async (trx) => {
        const { rows } = await lapsedRows(trx, lapsed);
        for (const { key } of rows) await takeUp(trx, { key, until: now + heldMs });
        return rows.map(
          ({ key, click, seen_at, times_lapsed }): KeptClick => ({
            ...{ key, click: click ?? '', at: Number(seen_at), times: times_lapsed + 1 },
          }),
        );
      });
    },
  };
}

type Row = Insertable<Database['deliveries']>;

interface Handled {
  readonly key: string;
  readonly now: Moment;
  readonly keepMs: number;
}

async function endAll(trx: Writer, all: readonly Handled[]): Promise<readonly undefined[]> {
  await forget(trx, { before: Math.min(...all.map(({ now, keepMs }) => now - keepMs)) });
  await end(trx, inOrder(all.map(({ key, now }) => ({ key, seen_at: now, click: null, held_until: null }))));
  return all.map(() => undefined);
}

/** Of two of the same key one is the first. What comes again because nobody answered the commit is not. */
async function keepAll(trx: Writer, all: readonly Row[]): Promise<readonly boolean[]> {
  const { rows } = await keep(trx, inOrder(all));
  const first = new Set(rows.map(({ key }) => key));
  return all.map(({ key }) => first.delete(key));
}

/** Each once, and in one order for all replicas: two that write the same ones otherwise would wait for each other. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return [...byKey.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
}

const rowsOf = prepared((db, { keys }: { readonly keys: readonly string[] }) =>
  db.selectFrom('deliveries').select('key').where('key', 'in', keys),
);

const forget = prepared((db, { before }: { readonly before: number }) =>
  // What is still in hand is not over, however old it is.
  db.deleteFrom('deliveries').where('seen_at', '<', before).where('held_until', 'is', null),
);

const keep = prepared((db, rows: readonly Row[]) =>
  db
    .insertInto('deliveries')
    .values(rows)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key'),
);

const end = prepared((db, rows: readonly Row[]) =>
  db
    .insertInto('deliveries')
    .values(rows)
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ click: null, held_until: null })),
);

interface Lapsed {
  readonly now: Moment;
  /** Nobody holds one that long: the clock of whoever did was ahead. */
  readonly impossible: Moment;
}

const lapsedQuery = (db: Reader, { now, impossible }: Lapsed) =>
  db
    .selectFrom('deliveries')
    .select(['key', 'click', 'seen_at', 'times_lapsed', 'held_until'])
    .where('held_until', 'is not', null)
    .where((held) => held.or([held('held_until', '<=', now), held('held_until', '>', impossible)]))
    .orderBy('held_until')
    .limit(lapsedMax);

/** At one look: more than a process has in hand, since what belongs together should come together. */
const lapsedMax = 200;

const firstLapsed = prepared((db, lapsed: Lapsed) => lapsedQuery(db, lapsed));

function lapsedRowsOf({ lock }: SqlDialect) {
  return prepared((db, lapsed: Lapsed) => lock(lapsedQuery(db, lapsed), 'skip'));
}

interface HeldClick {
  readonly key: string;
  readonly until: Moment;
}

/** Handled in the meantime, it stays so. */
const hold = prepared((db, { key, until }: HeldClick) =>
  db
    .updateTable('deliveries')
    .set({ held_until: until })
    .where('key', '=', key)
    .where('held_until', 'is not', null),
);

const takeUp = prepared((db, { key, until }: HeldClick) =>
  db
    .updateTable('deliveries')
    .set((row) => ({ held_until: until, times_lapsed: row('times_lapsed', '+', 1) }))
    .where('key', '=', key),
);
