/** What chat is to be told of a change: rows of the outbox, written in the transaction of the change itself. */
import type { Notice } from '../core/ports.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Writer } from './dialect.ts';
import { numberOf } from './rows.ts';

/** One row per card, however many changes it has missed. A card that waits after a failure keeps waiting. */
export async function wantCard(trx: Writer, request: PlatformRequest): Promise<void> {
  if (!request.isShown) return;
  const wanted = { wanted_version: request.version, is_done: 0 };
  await trx
    .insertInto('outbox')
    .values({
      ...wanted,
      key: `${request.id}:card`,
      request_number: numberOf(request.id),
      kind: 'card',
      attempts: 0,
      next_at: request.updatedAt,
      last_problem: null,
    })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((row) => ({
        ...wanted,
        next_at: row
          .case()
          .when('outbox.is_done', '=', 1)
          // As a parameter: a number in the text would make another statement of each card.
          .then(row.val(request.updatedAt))
          .else(row.ref('outbox.next_at'))
          .end(),
      })),
    )
    .execute();
}

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
