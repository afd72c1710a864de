/** What other replicas may have to act on at once is told them by the database, where it can. */
import type { Kysely } from 'kysely';
import type { SqlDialect } from '../dialect.ts';

export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  // Not what a claim writes: nobody else could do anything about it.
  await dialect.tellOfChanges(db, 'requests', ['version', 'due_at']);
  await dialect.tellOfChanges(db, 'outbox', ['wanted_version']);
}
