/** A row of anything in each table that has none, in a database of any schema: for what must take all of it along. */
import { sql } from 'kysely';
import type { Reader } from '../../src/store/dialect.ts';

/**
 * @param db without foreign keys, which would want rows that mean something.
 * @returns how many rows each table has now.
 */
export async function fillTables(db: Reader): Promise<Readonly<Record<string, number>>> {
  const rows: Record<string, number> = {};
  const tables = await db.introspection.getTables();
  for (const { name, columns } of tables.filter((table) => !/^(?:sqlite_|kysely_)/.test(table.name))) {
    if ((await countIn(db, name)) === 0) {
      const values = columns.map(({ dataType }) => (/int/i.test(dataType) ? 1 : 'something'));
      const names = sql.join(columns.map((column) => sql.ref(column.name)));
      await sql`insert into ${sql.table(name)} (${names}) values (${sql.join(values)})`.execute(db);
    }
    rows[name] = await countIn(db, name);
  }
  return rows;
}

async function countIn(db: Reader, table: string): Promise<number> {
  const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(table)}`.execute(db);
  return Number(rows[0]?.rows);
}
