/** Who has what for themselves, and who waits for it. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // There from the start, like the counter of requests: whoever takes or waits locks this row first.
  await sql`insert into counters (name, value) values ('fences', 0)`.execute(db);

  await db.schema
    .createTable('locks')
    .addColumn('request_number', 'integer', (column) => column.primaryKey().references('requests.number'))
    .addColumn('keys', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('lock_waits')
    .addColumn('request_number', 'integer', (column) => column.primaryKey().references('requests.number'))
    .addColumn('place', 'bigint', (column) => column.notNull().unique())
    .addColumn('keys', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}
