/** An SQLite history on its way into an empty PostgreSQL: all of it in one transaction, and only once it was verified. */
import type BetterSqlite3 from 'better-sqlite3';
import { sql } from 'kysely';
import { z } from 'zod';
import { canonicalText } from '../audit/canonical.ts';
import { verifyStore } from '../audit/verify-store.ts';
import type { AuditStore } from '../core/audit.ts';
import { fold } from '../core/fold.ts';
import { requestIdOf } from '../core/ids.ts';
import { ProblemError, problem } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { type Counts, copyRows, countRows } from './copy-rows.ts';
import type { Reader } from './dialect.ts';
import { opened } from './open-database.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { kyselyOver } from './sqlite.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { type TableName, tableNames, tables } from './tables.ts';

export interface Moved {
  readonly counts: Counts;
  readonly head: { readonly position: number; readonly hash: string };
  /** How many requests were folded from their events on both sides, and were the same. */
  readonly compared: number;
}

/** Spread over all of them: enough to meet each kind of request that there are some of. */
const comparedMax = 500;

/**
 * @param source with this code's schema, which nobody else writes to meanwhile.
 * @param target with this code's schema and nothing else.
 * @throws ProblemError when it holds something, or what came out is not what went in; then it still holds nothing.
 */
export async function moveHistory(
  source: BetterSqlite3.Database,
  target: Reader,
  copied: (table: TableName, rows: number) => void,
): Promise<Moved> {
  const from = opened(kyselyOver(source), sqliteDialect);
  return target.transaction().execute(async (trx) => {
    await copyRows(from.db, trx, copied);
    await goOnNumbering(from.db, trx);
    return verifyMove(from, { db: trx, store: opened(trx, postgresDialect).store });
  });
}

/**
 * From the number that was given last, not from the highest that is left: the audit holds those of refusals that were
 * forgotten, and would take the next of the same number for it.
 */
async function goOnNumbering(from: Reader, to: Reader): Promise<void> {
  for (const table of tableNames) {
    if (!tables[table].isNumbered) continue;
    const { rows } =
      await sql`select coalesce(max(seq), 0) as last from sqlite_sequence where name = ${table}`.execute(
        from,
      );
    const { last } = sequenceRow.parse(rows[0]);
    if (last > 0) await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${last})`.execute(to);
  }
}

const sequenceRow = z.object({ last: z.int() });

interface Side {
  readonly db: Reader;
  readonly store: Store & AuditStore;
}

async function verifyMove(from: Side, to: Side): Promise<Moved> {
  const [expected, counts] = [await countRows(from.db), await countRows(to.db)];
  const different = tableNames.filter((table) => expected[table] !== counts[table]);
  if (different.length > 0) throw notTheSame(`rows of ${different.join(', ')}`);
  const head = await from.store.auditHead();
  const { position, hash } = await to.store.auditHead();
  if (position !== head.position || hash !== head.hash) throw notTheSame('the head of the audit');
  if (head.position > 0) {
    const { fault } = await verifyStore(to.store, { keys: [], anchors: [] });
    if (fault !== undefined) throw notTheSame(`the audit: ${fault}`);
  }
  return { counts, head, compared: await compareFolds(from, to) };
}

async function compareFolds(from: Side, to: Side): Promise<number> {
  const { rows } = await sql`select number from requests order by number`.execute(from.db);
  const numbers = z
    .array(z.object({ number: z.int() }))
    .parse(rows)
    .map(({ number }) => number);
  const every = Math.max(1, Math.ceil(numbers.length / comparedMax));
  const sample = numbers.filter((_, index) => index % every === 0);
  for (const number of sample) {
    const [one, other] = [await readBoth(from.store, number), await readBoth(to.store, number)];
    if (one !== other) throw notTheSame(requestIdOf(number));
  }
  return sample.length;
}

/** Its snapshot, and the fold of its events. */
async function readBoth(store: Store, number: number): Promise<string> {
  const id = requestIdOf(number);
  const events = (await store.history(id)).map(({ event }) => event);
  return canonicalText([await store.load(id), fold(events)]);
}

function notTheSame(what: string): ProblemError {
  return new ProblemError(
    problem(
      'internal',
      'What came out is not what went in, so the PostgreSQL was left empty.',
      'Run `greenlight doctor` on the file; if it is well, tell us.',
      { detail: what },
    ),
  );
}
