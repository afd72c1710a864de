/** What chat shows, and what it has yet to be told. */
import type { Kysely } from 'kysely';
import type { SqlDialect } from '../dialect.ts';

export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('cards')
    .addColumn('request_number', 'integer', (column) => column.primaryKey().references('requests.number'))
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('ts', 'text', (column) => column.notNull())
    .addColumn('shown_version', 'integer', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('outbox')
    .addColumn('id', 'integer', (column) => dialect.numberedByItself(column))
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('request_number', 'integer', (column) => column.notNull().references('requests.number'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('wanted_version', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('is_done', 'integer', (column) => column.notNull())
    .addColumn('last_problem', 'text')
    .execute();
  await db.schema
    .createIndex('outbox_pending')
    .on('outbox')
    .columns(['next_at', 'id'])
    .where('is_done' as never, '=', 0)
    .execute();
}
