/**
 * What two versions of Greenlight over one database need to know of each other: which form of request somebody must
 * understand to touch it, and the oldest version that may run at all.
 */
import type { Kysely } from 'kysely';
import { raiseFloor } from '../schema-floor.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('requests')
    .addColumn('form', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema
    .createTable('schema_floor')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('migration', 'text', (column) => column.notNull())
    .execute();
  await raiseFloor(db, '0020-forms');
}
