/**
 * Until when requests are held or put off. A start looks whether a clock that was ahead has put one off for days, and
 * read all of history for it: 1.6 s with a million requests.
 */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Only of those that are: its size does not grow with history.
  await db.schema
    .createIndex('requests_leased')
    .on('requests')
    .column('lease_until')
    .where('lease_until' as never, 'is not', null)
    .execute();
}
