/** Of a card, whether time alone has changed it since it was shown: one that a person has changed goes before it. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('outbox')
    .addColumn('is_by_time', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
