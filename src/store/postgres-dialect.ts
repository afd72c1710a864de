/** How PostgreSQL does what the databases do differently. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { SqlDialect } from './dialect.ts';
import { postgresProblem } from './postgres-problems.ts';

/** On which PostgreSQL tells of changes. */
export const changesChannel = 'greenlight_changes';

export const postgresDialect: SqlDialect = {
  // Not `always`: a history that comes from another database brings its numbers along.
  numberedByItself: (column) => column.primaryKey().generatedByDefaultAsIdentity(),

  async lastNumber(db, table) {
    const { rows } =
      await sql`select coalesce(pg_sequence_last_value(pg_get_serial_sequence(${table}, 'id')::regclass), 0) as last`.execute(
        db,
      );
    return numberRow.parse(rows[0]).last;
  },

  async numberAfter(db, table, last) {
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${last})`.execute(db);
  },

  async makeAppendOnly(db, table) {
    for (const verb of ['update', 'delete', 'truncate']) {
      await refuse(db, table, verb, 'true');
      const forEach = verb === 'truncate' ? 'statement' : 'row';
      const name = sql.ref(`${table}_refuse_${verb}`);
      await sql`create trigger ${name} before ${sql.raw(verb)} on ${sql.table(table)}
        for each ${sql.raw(forEach)} execute function ${name}()`.execute(db);
    }
  },

  // A trigger's own condition may ask no other table, so it stands in the function.
  letUpdate: (db, table, condition) => refuse(db, table, 'update', `not (${condition})`),

  async tellOfChanges(db, table, columns) {
    // With the transaction itself, and once for all that it does. The name says who wrote: whoever did knows it already.
    await sql`create or replace function tell_of_changes() returns trigger language plpgsql as ${sql.lit(
      `begin perform pg_notify('${changesChannel}', current_setting('application_name')); return null; end`,
    )}`.execute(db);
    await sql`create trigger ${sql.ref(`${table}_tell`)} after insert or update of ${sql.join(
      columns.map((column) => sql.ref(column)),
    )} on ${sql.table(table)} for each statement execute function tell_of_changes()`.execute(db);
  },

  // `no key`: rows that only refer to it, like a card's, need not wait.
  lock: (query, others) => {
    const held = query.forNoKeyUpdate();
    return others === 'skip' ? held.skipLocked() : held;
  },

  async lockTable(trx, table) {
    await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(trx);
  },

  problemFrom: postgresProblem,
};

const numberRow = z.object({ last: z.coerce.number() });

/**
 * The function behind a trigger. Its path of names is fixed: somebody's temporary table called like one of ours would
 * otherwise come before it (postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH).
 */
async function refuse(db: Kysely<unknown>, table: string, verb: string, condition: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(db);
  const schema = rows[0]?.name ?? 'public';
  const body = `begin
    if ${condition} then raise exception '${table} are append-only'; end if;
    return new;
  end`;
  await sql`create or replace function ${sql.ref(`${table}_refuse_${verb}`)}() returns trigger
    language plpgsql set search_path = ${sql.ref(schema)}, pg_temp as ${sql.lit(body)}`.execute(db);
}
