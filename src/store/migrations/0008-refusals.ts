/** Who was turned away, at which door and with which words. */
import type { Kysely } from 'kysely';
import type { SqlDialect } from '../dialect.ts';

export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('refusals')
    .addColumn('id', 'integer', (column) => dialect.numberedByItself(column))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('refusals_by_age').on('refusals').column('at').execute();
}
