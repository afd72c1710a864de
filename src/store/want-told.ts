/** What chat is to be told of a change: rows of the outbox, written in the transaction of the change itself. */
import type { Insertable } from 'kysely';
import { isEventByTime } from '../core/by-time.ts';
import type { RequestId } from '../core/ids.ts';
import type { Notice } from '../core/ports.ts';
import type { PlatformRequest, RequestEvent } from '../core/request.ts';
import type { Writer } from './dialect.ts';
import { prepared } from './prepared.ts';
import { numberOf } from './request-rows.ts';
import type { Database } from './schema.ts';

/** Of the one row that a request's card has. */
export function cardKey(id: RequestId): string {
  return `${id}:card`;
}

/** One row per card, however many changes it has missed. A card that waits after a failure keeps waiting. */
export async function wantCard(
  trx: Writer,
  request: PlatformRequest,
  events: readonly RequestEvent[],
): Promise<void> {
  if (!request.isShown) return;
  await upsertCard(trx, {
    ...{ key: cardKey(request.id), request_number: numberOf(request.id), kind: 'card' },
    ...{ wanted_version: request.version, is_done: 0, next_at: request.updatedAt },
    ...{ attempts: 0, last_problem: null, is_by_time: events.every(isEventByTime) ? 1 : 0 },
  });
}

const upsertCard = prepared((db, card: Insertable<Database['outbox']>) =>
  db
    .insertInto('outbox')
    .values(card)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((row) => ({
        wanted_version: card.wanted_version,
        is_done: card.is_done,
        next_at: row
          .case()
          .when('outbox.is_done', '=', 1)
          .then(row.val(card.next_at))
          .else(row.ref('outbox.next_at'))
          .end(),
        // What else it has missed is shown with it.
        is_by_time: row
          .case()
          .when(row.and([row('outbox.is_done', '=', 0), row('outbox.is_by_time', '=', 0)]))
          .then(0)
          .else(row.val(card.is_by_time))
          .end(),
      })),
    ),
);

/** What was wanted already is not wanted again. */
export async function wantNotices(
  trx: Writer,
  request: PlatformRequest,
  notices: readonly Notice[],
): Promise<void> {
  if (notices.length === 0) return;
  await trx
    .insertInto('outbox')
    .values(
      notices.map((notice) => ({
        key: notice.key,
        request_number: numberOf(notice.requestId),
        kind: notice.kind,
        wanted_version: 0,
        attempts: 0,
        next_at: request.updatedAt,
        is_done: 0,
        last_problem: null,
      })),
    )
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}
