/** Requests: their events, what these fold to, and what was evaluated. */
import { type Kysely, sql } from 'kysely';
import type { SqlDialect } from '../dialect.ts';

export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('counters')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'bigint', (column) => column.notNull())
    .execute();
  // There from the start: whoever creates a request locks this row, and a row that is not there cannot be locked.
  await sql`insert into counters (name, value) values ('requests', 0)`.execute(db);

  await db.schema
    .createTable('requests')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('submission_key', 'text', (column) => column.notNull().unique())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('requester', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('due_at', 'bigint')
    .addColumn('has_living_environment', 'integer', (column) => column.notNull())
    .addColumn('lease_holder', 'text')
    .addColumn('lease_until', 'bigint')
    .addColumn('lease_fence', 'integer', (column) => column.notNull())
    .addColumn('snapshot', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('requests_by_requester')
    .on('requests')
    .columns(['requester', 'number'])
    .execute();
  await db.schema.createIndex('requests_by_status').on('requests').columns(['status', 'number']).execute();
  // Both hold only what is open: their size does not grow with history.
  await db.schema
    .createIndex('requests_due')
    .on('requests')
    .columns(['due_at', 'number'])
    .where('due_at' as never, 'is not', null)
    .execute();
  await db.schema
    .createIndex('requests_with_living_environment')
    .on('requests')
    .column('number')
    .where('has_living_environment' as never, '=', 1)
    .execute();

  await db.schema
    .createTable('events')
    .addColumn('request_number', 'integer', (column) => column.notNull().references('requests.number'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('events_key', ['request_number', 'seq'])
    .execute();
  await dialect.makeAppendOnly(db, 'events');

  await db.schema
    .createTable('evaluations')
    .addColumn('id', 'integer', (column) => dialect.numberedByItself(column))
    .addColumn('request_number', 'integer', (column) => column.references('requests.number'))
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('facts', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('evaluations_by_request')
    .on('evaluations')
    .columns(['request_number', 'id'])
    .execute();
}
