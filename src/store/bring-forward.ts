/** What a clock that was ahead has put off, due at once: rows hold moments, and nobody else would look before those. */
import { sql as raw } from 'kysely';
import { dayMs, hourMs, minuteMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import type { Store } from '../core/store.ts';
import type { Writer } from './dialect.ts';
import type { Sql } from './sql.ts';

/** Further ahead than a clock that is right would ever put it. */
const ahead = {
  /** A claim, or what somebody does alone: they last seconds. */
  leaseMs: 10 * minuteMs,
  /** A look at a request that waits for people: reminders come more often. */
  lookMs: dayMs + hourMs,
  /** A message that failed (slack/pace.ts), or a channel that Slack asked us to leave alone. */
  messageMs: hourMs + minuteMs,
} as const;

export function createBringForward(sql: Sql): Pick<Store, 'bringForward'> {
  return {
    bringForward: (now) =>
      sql.write(async (trx) => {
        const counts = [
          await requests(trx, now),
          await leases(trx, now, true, ahead.leaseMs),
          await leases(trx, now, false, ahead.lookMs),
          await messages(trx, now),
        ];
        await lanes(trx, now);
        return counts.reduce((sum, count) => sum + count, 0);
      }),
  };
}

/** Whatever happened last to them lies in the future, so what is due next was reckoned from there. */
async function requests(trx: Writer, now: Moment): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('requests')
    .set({ due_at: now, lease_until: raw`case when lease_holder is null then null else lease_until end` })
    .where('due_at', '>', now)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('events')
          .select('events.seq')
          .whereRef('events.request_number', '=', 'requests.number')
          .whereRef('events.seq', '=', 'requests.version')
          .where('events.at', '>', now),
      ),
    )
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function leases(trx: Writer, now: Moment, isHeld: boolean, aheadMs: number): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('requests')
    .set({ lease_until: now })
    .where('lease_until', '>', now + aheadMs)
    .where('lease_holder', isHeld ? 'is not' : 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function messages(trx: Writer, now: Moment): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('outbox')
    .set({ next_at: now })
    .where('is_done', '=', 0)
    .where('next_at', '>', now + ahead.messageMs)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function lanes(trx: Writer, now: Moment): Promise<void> {
  for (const column of ['free_at', 'paused_until'] as const) {
    await trx
      .updateTable('chat_lanes')
      .set({ [column]: now })
      .where(column, '>', now + ahead.messageMs)
      .execute();
  }
}
