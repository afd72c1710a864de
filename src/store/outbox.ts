/** What chat has yet to be told, and where the cards are. Rows are written with the change itself (requests.ts). */

import type { Problem } from '../core/problem.ts';
import type { OutboxItem, Store } from '../core/store.ts';
import type { Reader, Writer } from './dialect.ts';
import { numberOf, readCard, readOutboxItem } from './rows.ts';
import type { Sql } from './sql.ts';

export function createOutboxRows(
  sql: Sql,
): Pick<Store, 'outbox' | 'postedCard' | 'cardShown' | 'noticeTold' | 'outboxFailed' | 'nextOutboxAt'> {
  return {
    outbox: (now, limit) =>
      sql.read(async (db) => {
        const rows = await pending(db)
          .select(['outbox.id', 'outbox.key', 'outbox.request_number', 'outbox.kind', 'outbox.attempts'])
          .where('outbox.next_at', '<=', now)
          .orderBy('outbox.next_at')
          .orderBy('outbox.id')
          .limit(limit)
          .execute();
        return rows.map(readOutboxItem);
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

    cardShown: (item, posted) =>
      sql.write(async (trx) => {
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

    noticeTold: (item) => sql.write((trx) => set(trx, item, { is_done: 1, last_problem: null })),

    outboxFailed: (item, retryAt, cause) =>
      sql.write((trx) =>
        set(trx, item, { attempts: item.attempts + 1, next_at: retryAt, last_problem: inOneLine(cause) }),
      ),

    nextOutboxAt: () =>
      sql.read(async (db) => {
        const row = await pending(db)
          .select((one) => one.fn.min('outbox.next_at').as('at'))
          .executeTakeFirst();
        return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
      }),
  };
}

/** A notice is said in the card's thread, so it waits until there is a card. */
function pending(db: Reader) {
  return db
    .selectFrom('outbox')
    .leftJoin('cards', 'cards.request_number', 'outbox.request_number')
    .where('outbox.is_done', '=', 0)
    .where((row) => row.or([row('outbox.kind', '=', 'card'), row('cards.request_number', 'is not', null)]));
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
