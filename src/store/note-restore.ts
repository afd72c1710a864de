/** What a restored database must know of that it was restored: its numbers leap, and its audit says so. */
import BetterSqlite3 from 'better-sqlite3';
import { createChain } from './audit-chain.ts';
import { kyselyOver } from './sqlite.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

/**
 * What was made outside carries the number of its request, and is found by it: a number that was given after the backup
 * must not be given to another request, which would take that work for its own.
 * @param highest the highest number that may have been given, from the one that the backup knows.
 * @returns the newest request of the backup, and the number of the next one.
 */
export async function noteRestore(
  file: string,
  now: number,
  highest: (known: number) => number,
): Promise<{ readonly before: number; readonly next: number }> {
  const database = new BetterSqlite3(file, { fileMustExist: true });
  const hasAudit =
    database.prepare("select 1 from sqlite_master where name = 'audit_head'").get() !== undefined;
  const db = kyselyOver(database);
  try {
    return await db.transaction().execute(async (trx) => {
      const counter = trx.selectFrom('counters').select('value').where('name', '=', 'requests');
      const { value: before } = await counter.executeTakeFirstOrThrow();
      const reached = Math.max(before, highest(before));
      await trx.updateTable('counters').set({ value: reached }).where('name', '=', 'requests').execute();
      if (hasAudit) {
        const body = { newest: before, next: reached + 1 };
        await createChain(sqliteDialect)(trx, [{ kind: 'chain', at: now, type: 'restored', body }]);
      }
      return { before, next: reached + 1 };
    });
  } finally {
    await db.destroy();
  }
}
