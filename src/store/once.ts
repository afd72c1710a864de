/** What is done once, however many replicas run and however often they start. */
import type { Store } from '../core/store.ts';
import type { Writer } from './dialect.ts';
import type { Sql } from './sql.ts';

type Once = Pick<Store, 'timer' | 'setTimer' | 'claimTimer' | 'tellOnce' | 'couldNotTell' | 'tellAgain'>;

export function createOnce(sql: Sql): Once {
  return {
    timer: (name) =>
      sql.read(async (db) => {
        const row = await db.selectFrom('timers').selectAll().where('name', '=', name).executeTakeFirst();
        if (!row) return undefined;
        const { due_at, held_until } = row;
        return {
          dueAt: Number(due_at),
          ...(held_until === null ? {} : { heldUntil: Number(held_until) }),
        };
      }),

    setTimer: (name, dueAt) =>
      sql.write(async (trx) => {
        await trx
          .insertInto('timers')
          .values({ name, due_at: dueAt, held_until: null })
          .onConflict((one) => one.column('name').doUpdateSet({ due_at: dueAt, held_until: null }))
          .execute();
      }),

    claimTimer: (name, now, leaseMs) =>
      sql.write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('timers')
          .set({ held_until: now + leaseMs })
          .where('name', '=', name)
          .where('due_at', '<=', now)
          .where((free) => free.or([free('held_until', 'is', null), free('held_until', '<=', now)]))
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),

    tellOnce: (name, state) => sql.write((trx) => tellOnce(trx, name, state)),

    couldNotTell: (name, state) => sql.write((trx) => couldNotTell(trx, name, state)),

    async tellAgain(name, state) {
      const waits = await sql.read((db) =>
        db
          .selectFrom('told')
          .select('name')
          .where('name', '=', name)
          .where('state', '=', waiting(state))
          .executeTakeFirst(),
      );
      // Asked every minute, and nearly always in vain: that is no reason to write.
      return waits !== undefined && (await sql.write((trx) => tellAgain(trx, name, state)));
    },
  };
}

/** What stands in a row instead of what was told last: to `tellOnce` it differs from all that can be told. */
const waiting = (state: string) => `waiting ${state}`;

async function tellOnce(trx: Writer, name: string, state: string): Promise<boolean> {
  // What was never told is as good as told to be well.
  if (state === '') {
    const { numDeletedRows } = await trx.deleteFrom('told').where('name', '=', name).executeTakeFirst();
    return numDeletedRows > 0n;
  }
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('told')
    .values({ name, state })
    .onConflict((one) => one.column('name').doUpdateSet({ state }).where('told.state', '!=', state))
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

async function couldNotTell(trx: Writer, name: string, state: string): Promise<void> {
  if (state === '') {
    // A row that is there by now is newer news.
    await trx
      .insertInto('told')
      .values({ name, state: waiting(state) })
      .onConflict((one) => one.column('name').doNothing())
      .execute();
    return;
  }
  await trx
    .updateTable('told')
    .set({ state: waiting(state) })
    .where('name', '=', name)
    .where('state', '=', state)
    .execute();
}

async function tellAgain(trx: Writer, name: string, state: string): Promise<boolean> {
  if (state === '') {
    const { numDeletedRows } = await trx
      .deleteFrom('told')
      .where('name', '=', name)
      .where('state', '=', waiting(state))
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
  const { numUpdatedRows } = await trx
    .updateTable('told')
    .set({ state })
    .where('name', '=', name)
    .where('state', '=', waiting(state))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
