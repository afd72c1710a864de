/**
 * What of some actions is open: asked at every submit, for the environments on their way. Of the indexes there were SQLite
 * took the one by action, and went through all that was ever asked for.
 */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('requests_by_status_and_action')
    .on('requests')
    .columns(['status', 'action', 'number'])
    .execute();
}
