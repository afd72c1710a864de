/**
 * The oldest version that may run on a database, named by a migration that it must know. A migration that only adds
 * (tables, columns with a default, indexes) leaves it: the version before goes on beside the new one, and may be started
 * again. One that takes away or changes what an older version reads raises it, so that those refuse to start.
 */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';

const rowSchema = z.object({ migration: z.string() });

/** From now on only versions that know this migration may run. */
export async function raiseFloor(db: Kysely<unknown>, migration: string): Promise<void> {
  await sql`insert into schema_floor (name, migration) values ('oldest', ${migration})
    on conflict (name) do update set migration = excluded.migration`.execute(db);
}

/** `undefined` where nobody has said it: the database is older than that, or damaged. */
export async function floorOf(db: Kysely<unknown>): Promise<string | undefined> {
  try {
    const { rows } = await sql`select migration from schema_floor where name = 'oldest'`.execute(db);
    return rowSchema.parse(rows[0]).migration;
  } catch {
    return undefined;
  }
}
