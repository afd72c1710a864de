/**
 * The real store over a database of one seed's own. The schema is made once, and each seed begins with a copy of it: making
 * it anew would take longer than the seed.
 */
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { AuditStore } from '../../src/core/audit.ts';
import type { Moment } from '../../src/core/ids.ts';
import type { Store } from '../../src/core/store.ts';
import { migrate } from '../../src/store/migrate.ts';
import { kyselyOverPostgres, openPostgresStore } from '../../src/store/postgres.ts';
import type { Database } from '../../src/store/schema.ts';
import { createSqlStore } from '../../src/store/sql-store.ts';
import {
  ImmediateSqliteDriver,
  sqliteDialect,
  TransactionalSqliteAdapter,
} from '../../src/store/sqlite-dialect.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { enrolAll } from './world/people.ts';

export interface SimulatedDatabase {
  readonly store: Store & AuditStore;
  /** Past the store, for the model to look for itself. */
  readonly db: Kysely<Database>;
  /** Of everybody's authenticator app, by person. */
  readonly keys: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

let template: Promise<{ readonly image: Buffer; readonly keys: ReadonlyMap<string, string> }> | undefined;

export async function freshSqlite(): Promise<SimulatedDatabase> {
  template ??= makeTemplate();
  const { image, keys } = await template;
  const database = new BetterSqlite3(image);
  const db = kyselyOver(database);
  const store = rememberingLooks(database, createSqlStore(db, sqliteDialect));
  return { db, keys, store, close: () => db.destroy() };
}

/** When something is due next is asked all the time: the answer is the same until something is written, or that moment has come. */
function rememberingLooks<Whole extends Store>(database: BetterSqlite3.Database, store: Whole): Whole {
  const changes = database.prepare('SELECT total_changes()').pluck();
  const remembered = (look: (after?: Moment) => Promise<Moment | undefined>) => {
    let kept: { readonly of: unknown; readonly after: Moment; readonly next: Moment | undefined } | undefined;
    return async (after = Number.MIN_SAFE_INTEGER) => {
      const of = changes.get();
      if (kept && kept.of === of && kept.after <= after && (kept.next ?? Infinity) > after) return kept.next;
      kept = { of, after, next: await look(after) };
      return kept.next;
    };
  };
  return {
    ...store,
    nextDueAt: remembered(store.nextDueAt),
    nextOutboxAt: remembered(store.nextOutboxAt),
  };
}

/** The same over a database of its own on a real server. */
export async function freshPostgres(server: PostgresServer): Promise<SimulatedDatabase> {
  const url = await server.createDatabase();
  const store = await openPostgresStore({ url });
  const db = kyselyOverPostgres({ url });
  return {
    ...{ db, store, keys: await enrolAll(store) },
    async close() {
      await Promise.all([db.destroy(), store.close()]);
      await server.dropDatabase(url);
    },
  };
}

async function makeTemplate() {
  const database = new BetterSqlite3(':memory:');
  const db = kyselyOver(database);
  await migrate(db, sqliteDialect);
  const keys = await enrolAll(createSqlStore(db, sqliteDialect));
  const image = database.serialize();
  await db.destroy();
  return { image, keys };
}

/** One for all: what is compiled for one seed's database is known for the next one's. */
const adapter = new TransactionalSqliteAdapter();

function kyselyOver(database: BetterSqlite3.Database): Kysely<Database> {
  database.pragma('foreign_keys = ON');
  const prepared = new Map<string, BetterSqlite3.Statement>();
  return new Kysely<Database>({
    dialect: {
      createDriver: () =>
        new ImmediateSqliteDriver({
          database: async () => ({
            close: () => database.close(),
            prepare(text) {
              const statement = prepared.get(text) ?? database.prepare(text);
              prepared.set(text, statement);
              return statement;
            },
          }),
        }),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createAdapter: () => adapter,
      createIntrospector: (inner) => new SqliteIntrospector(inner),
    },
  });
}
