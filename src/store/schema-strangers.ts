/**
 * Triggers and views that our migrations have not made. They run within our own statements, and so could change what is
 * written or show what was not: a file from elsewhere may hold some. One of ours that is missing lets nothing be written
 * that was not asked for; what it kept from being changed, the audit's chain tells.
 */
import BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { migrate } from './migrate.ts';
import { kyselyOver } from './sqlite.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

const rowsSchema = z.array(
  z.object({ type: z.enum(['trigger', 'view']), name: z.string(), tableName: z.string(), sql: z.string() }),
);
type Row = z.infer<typeof rowsSchema>[number];

/**
 * Each in a sentence.
 * @param schema the newest migration that it has run, of those that this code knows.
 */
export async function strangersIn(database: BetterSqlite3.Database, schema: string): Promise<string[]> {
  const there = rowsIn(database);
  if (there.length === 0) return [];
  const ours = await asMigrated(schema);
  return there.flatMap((row) => {
    const own = ours.find((one) => one.name === row.name);
    if (own && sameText(own) === sameText(row)) return [];
    const what = row.type === 'trigger' ? `trigger ${row.name} on ${row.tableName}` : `view ${row.name}`;
    return [
      own
        ? `Its ${what} is not as Greenlight makes it.`
        : `It has the ${what}, which no Greenlight has made.`,
    ];
  });
}

/** As a database is that has run the same and nothing else. */
async function asMigrated(schema: string): Promise<readonly Row[]> {
  const database = new BetterSqlite3(':memory:');
  const db = kyselyOver(database);
  try {
    await migrate(db, sqliteDialect, schema);
    return rowsIn(database);
  } finally {
    await db.destroy();
  }
}

function rowsIn(database: BetterSqlite3.Database): readonly Row[] {
  const statement = database.prepare(
    "select type, name, tbl_name as tableName, sql from sqlite_master where type in ('trigger', 'view') order by name",
  );
  return rowsSchema.parse(statement.all());
}

/** SQLite keeps the words with which it was made; how they are set says nothing. */
function sameText({ type, tableName, sql }: Row): string {
  return [type, tableName, sql.replaceAll(/\s+/g, ' ')].join('\n');
}
