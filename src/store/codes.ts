/** People's second factors: one row each, sealed before it comes here. */
import { z } from 'zod';
import type { CodeUse, KeptCode } from '../core/codes.ts';
import { type PersonId, personIdSchema } from '../core/ids.ts';
import type { Store } from '../core/store.ts';
import type { Reader, Writer } from './dialect.ts';
import type { CodesTable } from './schema.ts';
import type { Sql } from './sql.ts';

type CodeRows = Pick<
  Store,
  'keptCode' | 'beginCode' | 'confirmCode' | 'resealCode' | 'removeCode' | 'tryCode' | 'codeWasRight'
>;

export function createCodeRows(sql: Sql): CodeRows {
  return {
    keptCode: (person) =>
      sql.read(async (db) => {
        const row = await rowOf(db, person).executeTakeFirst();
        return row && read(row);
      }),
    beginCode: (person, pending, at) =>
      sql.write(async (trx) => {
        const shown = { pending, pending_at: at };
        await trx
          .insertInto('codes')
          .values({ person, last_step: 0, tries: '[]', secret: null, enrolled_at: null, ...shown })
          .onConflict((conflict) => conflict.column('person').doUpdateSet(shown))
          .execute();
      }),
    confirmCode: (person, confirmed, replacing) =>
      sql.write(async (trx) => {
        const row = await lockedRow(sql, trx, person);
        if (row?.pending !== confirmed.sealed) return false;
        const isFirst = row.secret === null;
        if (!isFirst && !(replacing && (await spendCode(trx, replacing)))) return false;
        const { sealed: secret, step: last_step, at: enrolled_at } = confirmed;
        await trx
          .updateTable('codes')
          .set({ secret, last_step, enrolled_at, pending: null, pending_at: null })
          .where('person', '=', person)
          .execute();
        return true;
      }),
    resealCode: (person, from, to) =>
      sql.write(async (trx) => {
        await trx
          .updateTable('codes')
          .set({ secret: to })
          .where('person', '=', person)
          .where('secret', '=', from)
          .execute();
      }),
    removeCode: (person) =>
      sql.write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('codes')
          .where('person', '=', person)
          .executeTakeFirst();
        return numDeletedRows > 0n;
      }),
    tryCode: (person, at, limit) =>
      sql.write(async (trx) => {
        const row = await lockedRow(sql, trx, person);
        const recent = triesOf(row).filter((one) => one > at - limit.withinMs);
        if (recent.length >= limit.max) return { lockedSince: recent.at(-limit.max) ?? at };
        await writeTries(trx, person, [...recent, at]);
        return { left: limit.max - recent.length - 1 };
      }),
    codeWasRight: (person, at) =>
      sql.write(async (trx) => {
        const tries = triesOf(await lockedRow(sql, trx, person));
        const place = tries.indexOf(at);
        await writeTries(
          trx,
          person,
          tries.filter((_, index) => index !== place),
        );
      }),
  };
}

/** `false` when a code of this step, or of a later one, was taken before. */
export async function spendCode(trx: Writer, { person, step }: CodeUse): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('codes')
    .set({ last_step: step })
    .where('person', '=', person)
    .where('last_step', '<', step)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function rowOf(db: Reader | Writer, person: PersonId) {
  return db.selectFrom('codes').selectAll().where('person', '=', person);
}

function lockedRow({ dialect }: Sql, trx: Writer, person: PersonId): Promise<CodesTable | undefined> {
  return dialect.lock(rowOf(trx, person), 'wait').executeTakeFirst();
}

const triesSchema = z.array(z.number());

function triesOf(row: CodesTable | undefined): number[] {
  return row ? triesSchema.parse(JSON.parse(row.tries)) : [];
}

async function writeTries(trx: Writer, person: PersonId, tries: readonly number[]): Promise<void> {
  await trx
    .updateTable('codes')
    .set({ tries: JSON.stringify(tries) })
    .where('person', '=', person)
    .execute();
}

function read(row: CodesTable): KeptCode {
  const { person, secret, enrolled_at: enrolledAt, last_step, pending, pending_at: at } = row;
  return {
    person: personIdSchema.parse(person),
    lastStep: Number(last_step),
    ...(secret === null ? {} : { secret }),
    ...(enrolledAt === null ? {} : { enrolledAt: Number(enrolledAt) }),
    ...(pending === null || at === null ? {} : { pending: { secret: pending, at: Number(at) } }),
  };
}
