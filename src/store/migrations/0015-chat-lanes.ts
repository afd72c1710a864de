/** What chat lets through when: whoever speaks next minds what was said and asked before. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('chat_lanes')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('free_at', 'bigint', (column) => column.notNull())
    .addColumn('paused_until', 'bigint', (column) => column.notNull())
    .execute();
  // For the look at which cards a channel should have.
  await db.schema.createIndex('cards_by_place').on('cards').columns(['channel', 'ts']).execute();
}
