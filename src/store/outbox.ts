/** What chat has yet to be told, and where the cards are. Rows are written with the change itself (want-told.ts). */

import { sql as raw } from 'kysely';
import { type Moment, requestIdOf } from '../core/ids.ts';
import { noticesWithoutCard } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import type { OutboxItem, Speech, Store } from '../core/store.ts';
import { readCard, readChatLane, readOutboxItem } from './chat-rows.ts';
import type { Reader, Writer } from './dialect.ts';
import { prepared } from './prepared.ts';
import { numberOf } from './request-rows.ts';
import type { Sql } from './sql.ts';
import { cardKey } from './want-told.ts';

export function createOutboxRows(
  sql: Sql,
): Pick<
  Store,
  | 'outbox'
  | 'postedCard'
  | 'settledCard'
  | 'cardShown'
  | 'noticeTold'
  | 'outboxFailed'
  | 'nextOutboxAt'
  | 'chatLanes'
  | 'postedCards'
  | 'cardMissed'
> {
  const known = sql.forms.known;
  /** What waits is read again at each look; of a row only its attempts and what has changed it ever change. */
  let last: ReadonlyMap<number, { readonly row: ItemRow; readonly item: OutboxItem }> = new Map();
  const reread = (row: ItemRow) => {
    const before = last.get(row.id);
    const isSame = before?.row.attempts === row.attempts && before.row.is_by_time === row.is_by_time;
    return isSame ? before : { row, item: readOutboxItem(row) };
  };

  /** Does `work` for whoever speaks; `false` when that is somebody else by now. */
  const saying = (speech: Speech | undefined, work: (trx: Writer) => Promise<void>) =>
    sql.write(async (trx) => {
      if (speech && !(await speaks(sql, trx, speech))) return false;
      await work(trx);
      if (speech) await keepLanes(trx, speech);
      return true;
    });

  return {
    outbox: (now, limit) =>
      sql.read(async (db) => {
        const { rows } = await itemsDue(db, { known, now, limit });
        last = new Map(rows.map((row) => [row.id, reread(row)]));
        return [...last.values()].map(({ item }) => item);
      }),

    postedCard: (id) =>
      sql.read(async (db) => {
        const row = await db
          .selectFrom('cards')
          .selectAll()
          .where('request_number', '=', numberOf(id))
          .executeTakeFirst();
        return row && readCard(row);
      }),

    settledCard: (id) =>
      sql.read(async (db) => {
        const isWanted = db
          .selectFrom('outbox')
          .select('id')
          .where('key', '=', cardKey(id))
          .where('is_done', '=', 0);
        const row = await db
          .selectFrom('cards')
          .selectAll()
          .where('request_number', '=', numberOf(id))
          .where(({ not, exists }) => not(exists(isWanted)))
          .executeTakeFirst();
        return row && readCard(row);
      }),

    cardShown: (item, posted, speech) =>
      saying(speech, async (trx) => {
        const shown = { channel: posted.channel, ts: posted.ts, shown_version: posted.shownVersion };
        await trx
          .insertInto('cards')
          .values({ request_number: numberOf(item.requestId), ...shown })
          .onConflict((conflict) => conflict.column('request_number').doUpdateSet(shown))
          .execute();
        await trx
          .updateTable('outbox')
          .set((row) => ({
            is_done: row.case().when('wanted_version', '<=', posted.shownVersion).then(1).else(0).end(),
            attempts: 0,
            last_problem: null,
          }))
          .where('id', '=', item.id)
          .execute();
      }),

    noticeTold: (item, speech) => saying(speech, (trx) => set(trx, item, { is_done: 1, last_problem: null })),

    outboxFailed: (item, retryAt, cause, speech) =>
      saying(speech, (trx) =>
        set(trx, item, { attempts: item.attempts + 1, next_at: retryAt, last_problem: inOneLine(cause) }),
      ),

    nextOutboxAt: (after) =>
      sql.read(async (db) => {
        const [row] = (await nextMoment(db, { known, after: after ?? Number.MIN_SAFE_INTEGER })).rows;
        return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
      }),

    chatLanes: (now) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('chat_lanes')
          .selectAll()
          .where((lane) => lane.or([lane('free_at', '>', now), lane('paused_until', '>', now)]))
          .execute();
        return rows.map(readChatLane);
      }),

    postedCards: (channel, sinceTs) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('cards')
          .select(['request_number', 'ts'])
          .where('channel', '=', channel)
          .where('ts', '>=', sinceTs)
          .execute();
        return rows.map((row) => ({ requestId: requestIdOf(row.request_number), ts: row.ts }));
      }),

    cardMissed: (id, ts, now) =>
      sql.write(async (trx) => {
        await trx
          .updateTable('outbox')
          .set({ is_done: 0, next_at: now })
          .where('key', '=', cardKey(id))
          .where('is_done', '=', 1)
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('cards')
                .select('cards.ts')
                .whereRef('cards.request_number', '=', 'outbox.request_number')
                .where('cards.ts', '=', ts),
            ),
          )
          .execute();
      }),
  };
}

/** A notice that is said in the card's thread waits until there is a card. What takes a newer version waits for that. */
function pending(db: Reader, known: number) {
  return (
    db
      .selectFrom('outbox')
      .innerJoin('requests', 'requests.number', 'outbox.request_number')
      .where('requests.form', '<=', known)
      .leftJoin('cards', 'cards.request_number', 'outbox.request_number')
      // In the text: with a parameter there SQLite would plan the statement anew each time, as its index is a partial one.
      .where('outbox.is_done', '=', raw.lit(0))
      .where((row) =>
        row.or([
          row('outbox.kind', 'in', ['card', ...noticesWithoutCard]),
          row('cards.request_number', 'is not', null),
        ]),
      )
  );
}

interface ItemRow {
  readonly id: number;
  readonly attempts: number;
  readonly is_by_time: number;
}

interface Due {
  readonly known: number;
  readonly now: Moment;
  readonly limit: number;
}

const itemsDue = prepared((db, { known, now, limit }: Due) =>
  pending(db, known)
    .select(['outbox.id', 'outbox.key', 'outbox.request_number', 'outbox.kind', 'outbox.attempts'])
    .select('outbox.is_by_time')
    .where('outbox.next_at', '<=', now)
    .orderBy('outbox.next_at')
    .orderBy('outbox.id')
    .limit(limit),
);

const nextMoment = prepared((db, { known, after }: { readonly known: number; readonly after: Moment }) =>
  pending(db, known)
    .where('outbox.next_at', '>', after)
    .select(({ fn }) => fn.min<number | null>('outbox.next_at').as('at')),
);

/** Held until the transaction ends: nobody takes the lease between this look and what is written because of it. */
async function speaks({ dialect }: Sql, trx: Writer, { lease }: Speech): Promise<boolean> {
  if (lease === undefined) return true;
  const ours = trx
    .selectFrom('leases')
    .select('name')
    .where('name', '=', lease.name)
    .where('holder', '=', lease.holder)
    .where('fence', '=', lease.fence);
  return (await dialect.lock(ours, 'wait').executeTakeFirst()) !== undefined;
}

async function keepLanes(trx: Writer, { lanes }: Speech): Promise<void> {
  for (const { name, freeAt, pausedUntil } of lanes) {
    const moments = { free_at: freeAt, paused_until: pausedUntil };
    await trx
      .insertInto('chat_lanes')
      .values({ name, ...moments })
      .onConflict((known) => known.column('name').doUpdateSet(moments))
      .execute();
  }
}

async function set(
  trx: Writer,
  item: OutboxItem,
  columns: { is_done?: number; attempts?: number; next_at?: number; last_problem: string | null },
): Promise<void> {
  await trx.updateTable('outbox').set(columns).where('id', '=', item.id).execute();
}

function inOneLine(cause: Problem): string {
  return `${cause.code}: ${cause.detail ?? cause.sentence}`.replaceAll(/\s+/g, ' ').slice(0, 500);
}
