/** People's second factors, sealed. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('codes')
    .addColumn('person', 'text', (column) => column.primaryKey())
    .addColumn('secret', 'text')
    .addColumn('enrolled_at', 'bigint')
    .addColumn('last_step', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('pending', 'text')
    .addColumn('pending_at', 'bigint')
    .addColumn('tries', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
}
