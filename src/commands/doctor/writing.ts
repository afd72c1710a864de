/** Whether a bot could write to a PostgreSQL: one that only reads answers every look. */
import { sql } from 'kysely';
import { z } from 'zod';
import { listOf } from '../../core/text.ts';
import type { Reader } from '../../store/dialect.ts';
import { expectToWrite, kyselyOverPostgres } from '../../store/postgres.ts';
import { postgresDialect } from '../../store/postgres-dialect.ts';
import { translating } from '../../store/sql.ts';
import { tableNames } from '../../store/tables.ts';
import { type Finding, failure, findings, well } from './finding.ts';

/** In a session as a bot's would be: those of the commands are told to read only. Nothing is written in it either. */
export function checkWriting(url: string): Promise<readonly Finding[]> {
  return findings('writing', async () => {
    const db = kyselyOverPostgres({ url });
    try {
      return await translating(postgresDialect, async () => {
        await expectToWrite(db);
        return [rightsFinding(await tablesWithoutRight(db))];
      });
    } finally {
      await db.destroy();
    }
  });
}

function rightsFinding(tables: readonly string[]): Finding {
  if (tables.length === 0) return well('writing', 'A bot may write to it.');
  return failure(
    'writing',
    `Its user may not write to ${listOf(tables)}.`,
    'Name the user who owns the tables in DATABASE_URL, or let their owner grant this one all rights on them.',
  );
}

const nameRows = z.array(z.object({ name: z.string() }));

/** Of our tables that are there: before the first start there are none. */
async function tablesWithoutRight(db: Reader): Promise<readonly string[]> {
  const { rows } = await sql`select name from unnest(${sql.val(tableNames)}::text[]) as name
    where not has_table_privilege(to_regclass(name), 'insert')`.execute(db);
  return nameRows.parse(rows).map(({ name }) => name);
}
