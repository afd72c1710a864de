/** A history on its way from one of our databases into another that is empty: all of it, as it is at one moment, or nothing. */
import { sql } from 'kysely';
import { z } from 'zod';
import { canonicalText } from '../audit/canonical.ts';
import { isUnwritten, verifyStore } from '../audit/verify-store.ts';
import { fold } from '../core/fold.ts';
import { requestIdOf } from '../core/ids.ts';
import { ProblemError, problem } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { type Counts, copyRows, countRows } from './copy-rows.ts';
import type { Reader, SqlDialect } from './dialect.ts';
import { type OpenDatabase, opened } from './open-database.ts';
import { tableNames, tables } from './tables.ts';

/** A database, or a transaction in it, with this code's schema. */
export interface Place {
  readonly db: Reader;
  readonly dialect: SqlDialect;
}

export interface Move {
  /** Nobody else writes to it meanwhile, or it is a transaction that sees one moment alone. */
  readonly from: Place;
  /** Its tables hold nothing but what the migrations put there. */
  readonly to: Place;
  /** Told after each batch of rows; it may throw to end the move. */
  copied(rows: number): void;
}

export interface Moved {
  readonly counts: Counts;
  readonly head: { readonly position: number; readonly hash: string };
  /** How many requests were folded from their events on both sides, and were the same. */
  readonly compared: number;
}

/** Spread over all of them: enough to meet each kind of request that there are some of. */
const comparedMax = 500;

/**
 * Copies, compares, and leaves it to the caller whether the audit verifies: a copy of one that does not may be wanted.
 * @throws ProblemError when `to` holds something, or what came out is not what went in; then it still holds nothing.
 */
export function copyHistory(move: Move): Promise<Moved> {
  return inOneTransaction(move, async () => undefined);
}

/** The same, and nothing of a history whose audit is not as it was written. */
export function moveHistory(move: Move): Promise<Moved> {
  return inOneTransaction(move, async ({ store }) => {
    if (await isUnwritten(store)) return;
    const { fault } = await verifyStore(store, { keys: [], anchors: [] });
    if (fault !== undefined) throw notTheSame(`the audit: ${fault}`);
  });
}

function inOneTransaction(
  { from, to, copied }: Move,
  verify: (to: OpenDatabase, head: Moved['head']) => Promise<void>,
): Promise<Moved> {
  const source = opened(from.db, from.dialect);
  return to.db.transaction().execute(async (trx) => {
    const target = opened(trx, to.dialect);
    await copyRows(from.db, trx, copied);
    await goOnNumbering(from, { ...to, db: trx });
    const counts = await sameCounts(source, target);
    const head = await sameHead(source, target);
    await verify(target, head);
    return { counts, head, compared: await compareFolds(source, target) };
  });
}

/**
 * From the number that was given last, not from the highest that is left: the audit holds those of refusals that were
 * forgotten, and would take the next of the same number for it.
 */
async function goOnNumbering(from: Place, to: Place): Promise<void> {
  for (const table of tableNames) {
    if (!tables[table].isNumbered) continue;
    const last = await from.dialect.lastNumber(from.db, table);
    if (last > 0) await to.dialect.numberAfter(to.db, table, last);
  }
}

async function sameCounts(from: OpenDatabase, to: OpenDatabase): Promise<Counts> {
  const [expected, counts] = [await countRows(from.db), await countRows(to.db)];
  const different = tableNames.filter((table) => expected[table] !== counts[table]);
  if (different.length > 0) throw notTheSame(`rows of ${different.join(', ')}`);
  return counts;
}

async function sameHead(from: OpenDatabase, to: OpenDatabase): Promise<Moved['head']> {
  const head = await from.store.auditHead();
  const { position, hash } = await to.store.auditHead();
  if (position !== head.position || hash !== head.hash) throw notTheSame('the head of the audit');
  return { position, hash };
}

async function compareFolds(from: OpenDatabase, to: OpenDatabase): Promise<number> {
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
      'What came out is not what went in, so nothing of it was kept.',
      'Run `greenlight doctor` on what it came from; if that is well, tell us.',
      { detail: what },
    ),
  );
}
