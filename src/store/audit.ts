/** The audit's rows, read back with their bodies; checkpoints; and how far its followers have come. */
import { beginning } from '../audit/chain.ts';
import type { AuditStore, SignedCheckpoint } from '../core/audit.ts';
import { requestIdOf } from '../core/ids.ts';
import { ProblemError } from '../core/problem.ts';
import { readCheckpointRow, readEntry } from './audit-rows.ts';
import type { Reader } from './dialect.ts';
import { numberOf } from './request-rows.ts';
import type { Sql } from './sql.ts';

export function createAudit(
  sql: Sql,
): Omit<AuditStore, 'redactRequests' | 'forgetLooks' | 'forgetDelegations'> {
  return {
    auditHead: () =>
      sql.read(async (db) => {
        const { position, hash } = await db
          .selectFrom('audit_head')
          .select(['position', 'hash'])
          .where('name', '=', 'chain')
          .executeTakeFirstOrThrow();
        return { position: Number(position), hash };
      }),

    auditEntries: (after, limit) =>
      sql.read(async (db) => {
        const rows = await entries(db).where('audit.position', '>', after).limit(limit).execute();
        return rows.map(readEntry);
      }),

    auditEntriesOf: (request) =>
      sql.read(async (db) => {
        const rows = await entries(db)
          .where('audit.request_number', '=', numberOf(request))
          .where('audit.position', '>', 0)
          .execute();
        return rows.map(readEntry);
      }),

    unchainedEvents: (limit) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('events')
          .leftJoin('audit', (join) =>
            join
              .onRef('audit.request_number', '=', 'events.request_number')
              .onRef('audit.seq', '=', 'events.seq')
              .on('audit.kind', '=', 'event')
              // The chain begins at 1: a row before that chains nothing.
              .on('audit.position', '>', 0),
          )
          .select(['events.request_number', 'events.seq'])
          .where('audit.position', 'is', null)
          .orderBy('events.request_number')
          .orderBy('events.seq')
          .limit(limit)
          .execute();
        return rows.map(({ request_number, seq }) => ({ request: requestIdOf(request_number), seq }));
      }),

    checkpoints: (after, limit) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('checkpoints')
          .selectAll()
          .where('position', '>', after)
          .orderBy('position')
          .limit(limit)
          .execute();
        return rows.map(readCheckpointRow);
      }),

    newestCheckpoint: (after, isWanted) =>
      sql.read(async (db) => {
        let unreadable: ProblemError | undefined;
        for (let rows = newestFirst(db, after); ; ) {
          const page = await rows.execute();
          for (const row of page) {
            const signed = tried(row);
            if (signed instanceof ProblemError) unreadable = signed;
            else if (isWanted(signed)) return { signed, unreadable };
          }
          const last = page.at(-1);
          if (!last) return { unreadable };
          rows = newestFirst(db, after).where('position', '<', last.position);
        }
      }),

    addCheckpoint: (signed) =>
      sql.write(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('checkpoints')
          .values({ position: signed.checkpoint.position, body: JSON.stringify(signed) })
          .onConflict((one) => one.column('position').doNothing())
          .executeTakeFirst();
        return (numInsertedOrUpdatedRows ?? 0n) > 0n;
      }),

    cursor: (name) =>
      sql.read(async (db) => {
        const row = await db
          .selectFrom('cursors')
          .select('position')
          .where('name', '=', name)
          .executeTakeFirst();
        return Number(row?.position ?? 0);
      }),

    moveCursor: (name, from, to) =>
      sql.write(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('cursors')
          .values({ name, position: from === 0 ? to : -1 })
          .onConflict((one) =>
            one.column('name').doUpdateSet({ position: to }).where('cursors.position', '=', from),
          )
          .executeTakeFirst();
        return (numInsertedOrUpdatedRows ?? 0n) > 0n;
      }),
  };
}

/** Mostly the first is it. */
const newestMax = 50;

function newestFirst(db: Reader, after: number) {
  return db
    .selectFrom('checkpoints')
    .selectAll()
    .where('position', '>', after)
    .orderBy('position', 'desc')
    .limit(newestMax);
}

function tried(row: unknown): SignedCheckpoint | ProblemError {
  try {
    return readCheckpointRow(row);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

function entries(db: Reader) {
  return db
    .selectFrom('audit')
    .leftJoin('audit as before', (join) =>
      join.on((on) => on('before.position', '=', on('audit.position', '-', 1))),
    )
    .leftJoin('events', (join) =>
      join
        .on('audit.kind', '=', 'event')
        .onRef('events.request_number', '=', 'audit.request_number')
        .onRef('events.seq', '=', 'audit.seq'),
    )
    .leftJoin('refusals', (join) =>
      join.on('audit.kind', '=', 'refusal').onRef('refusals.id', '=', 'audit.seq'),
    )
    .select(['audit.position', 'audit.kind', 'audit.at', 'audit.type', 'audit.request_number', 'audit.seq'])
    .select(['audit.open', 'audit.seal', 'audit.salt', 'audit.hash'])
    .select((row) => [
      row.fn.coalesce('before.hash', row.val(beginning)).as('previous'),
      // Where it was written alone: of a copy beside it nobody is told, and what counts could be changed behind it.
      row
        .case('audit.kind')
        .when('event')
        .then(row.ref('events.body'))
        .when('refusal')
        .then(row.ref('refusals.body'))
        .else(row.ref('audit.body'))
        .end()
        .as('text'),
    ])
    .orderBy('audit.position');
}
