/** Emergencies that nobody has looked at yet are found without reading every request. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('requests')
    .addColumn('owes_review', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex('requests_owing_review').on('requests').column('owes_review').execute();
}
