/** A watch that somebody has stopped says its last word where it is carried, which may be another replica. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('watches').addColumn('stopped', 'text').execute();
}
