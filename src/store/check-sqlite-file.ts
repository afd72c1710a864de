/** What a database file is worth: whole or damaged, of which schema (and nothing beside it), with how much in it, and whether its audit verifies. */
import { setImmediate } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { isUnwritten, verifyStore } from '../audit/verify-store.ts';
import { count } from '../core/text.ts';
import { migrationNames } from './migrate.ts';
import { strangersIn } from './schema-strangers.ts';
import { createSqlStore } from './sql-store.ts';
import { kyselyOver, openToRead } from './sqlite.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

export interface CheckedFile {
  /** What is wrong, each in a sentence; the file is whole without any. */
  readonly faults: readonly string[];
  /** It is another program's database, or a newer version's: nothing more was looked at. */
  readonly isForeign?: true;
  /** The newest migration that it has run. */
  readonly schema?: string;
  readonly requests?: number;
  readonly events?: number;
  /** Of the audit's chain; none in a schema from before there was one. */
  readonly head?: { readonly position: number; readonly hash: string };
}

/**
 * Reads all of it, in pages.
 * @param signal ends it early.
 * @throws ProblemError `not_found` when there is no such file.
 */
export async function checkSqliteFile(file: string, signal?: AbortSignal): Promise<CheckedFile> {
  const database = openToRead(file);
  try {
    const damage = damageIn(database);
    if (damage.length > 0) return { faults: damage };
    const migrations = migrationsIn(database);
    const schema = migrations.at(-1);
    if (schema === undefined) return { isForeign: true, faults: ['It is no database of a Greenlight.'] };
    const unknown = migrations.filter((name) => !migrationNames.includes(name));
    if (unknown.length > 0)
      return { schema, isForeign: true, faults: [`A newer Greenlight wrote it (${unknown.join(', ')}).`] };
    const known = {
      schema,
      requests: countIn(database, 'requests'),
      events: countIn(database, 'events'),
    };
    const strangers = await strangersIn(database, schema);
    if (!migrations.includes(firstWithAudit)) return { ...known, faults: strangers };
    const head = headRow.parse(
      database.prepare("select position, hash from audit_head where name = 'chain'").get(),
    );
    const fault = await auditFault(database, signal);
    return {
      ...known,
      head,
      faults:
        fault === undefined ? strangers : [...strangers, `The audit is not as it was written. ${fault}`],
    };
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
    return { faults: [`It cannot be read: ${error.message}.`] };
  } finally {
    database.close();
  }
}

const firstWithAudit = '0012-audit';
const headRow = z.object({ position: z.int(), hash: z.string() });

/** What SQLite itself finds (sqlite.org/pragma.html#pragma_integrity_check), in a few sentences at most. */
export function damageIn(database: BetterSqlite3.Database): string[] {
  try {
    const found = database.pragma(`integrity_check(${damagesMax})`) as { integrity_check: string }[];
    const broken = found.map((row) => row.integrity_check).filter((text) => text !== 'ok');
    if (broken.length > 0) return [`The file is damaged: ${broken.join('; ')}.`];
    const orphans = database.pragma('foreign_key_check') as { table: string; parent: string }[];
    const [first] = orphans;
    if (!first) return [];
    return [
      `${count(orphans.length, 'row')} refer to what is not there, the first from ${first.table} to ${first.parent}.`,
    ];
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
    return [error.code === 'SQLITE_NOTADB' ? 'It is no database.' : `The file is damaged: ${error.message}.`];
  }
}

const damagesMax = 3;

export function migrationsIn(database: BetterSqlite3.Database): string[] {
  const table = database.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get();
  if (!table) return [];
  const rows = database.prepare('select name from kysely_migration order by name').all();
  return z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map(({ name }) => name);
}

function countIn(database: BetterSqlite3.Database, table: 'requests' | 'events'): number {
  return z.object({ rows: z.int() }).parse(database.prepare(`select count(*) as rows from ${table}`).get())
    .rows;
}

async function auditFault(
  database: BetterSqlite3.Database,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const store = createSqlStore(kyselyOver(database), sqliteDialect);
  if (await isUnwritten(store)) return undefined;
  const { fault } = await verifyStore(
    {
      ...store,
      // SQLite answers at once: without a pause here nobody could be heard who wants it to end.
      auditEntries: async (after, limit) => {
        await setImmediate();
        signal?.throwIfAborted();
        return store.auditEntries(after, limit);
      },
    },
    { keys: [], anchors: [] },
  );
  return fault;
}
