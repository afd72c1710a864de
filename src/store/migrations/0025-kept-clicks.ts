/** What of a click is kept until it is dealt with, until when a process has it in hand, and how often that ended before. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('deliveries').addColumn('click', 'text').execute();
  await db.schema.alterTable('deliveries').addColumn('held_until', 'bigint').execute();
  await db.schema
    .alterTable('deliveries')
    .addColumn('times_lapsed', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  // Only of those that are in hand: there are never many.
  await db.schema
    .createIndex('deliveries_held')
    .on('deliveries')
    .column('held_until')
    .where('held_until' as never, 'is not', null)
    .execute();
}
