/** What happens to a request while somebody carries it on is looked at again afterwards, whatever they knew of it. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('requests')
    .addColumn('has_news', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
