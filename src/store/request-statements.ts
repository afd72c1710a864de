/** The statements behind every request: prepared once, as each command and click needs most of them. */
import { type Insertable, sql as raw, type Selectable, type Updateable } from 'kysely';
import type { RequestQuery } from '../core/store.ts';
import type { Reader, SqlDialect } from './dialect.ts';
import { prepared } from './prepared.ts';
import { numberOf } from './request-rows.ts';
import type { Database, RequestsTable } from './schema.ts';

const requestColumns = ['number', 'version', 'snapshot', 'form'] as const;

/** What it takes to read a request. */
export type KnownRow = Pick<Selectable<RequestsTable>, (typeof requestColumns)[number]>;

export const rowNumbered = prepared((db, { number }: { readonly number: number }) =>
  db.selectFrom('requests').select(requestColumns).where('number', '=', number),
);

export const rowsAskedWith = prepared((db, { keys }: { readonly keys: readonly string[] }) =>
  db
    .selectFrom('requests')
    .select([...requestColumns, 'submission_key'])
    .where('submission_key', 'in', keys),
);

export type Holds = ReturnType<typeof holdsOf>;

/** Rows that are held until the transaction ends. */
export function holdsOf({ lock }: SqlDialect) {
  return {
    counter: prepared((db) =>
      lock(db.selectFrom('counters').select('value').where('name', '=', 'requests'), 'wait'),
    ),
    requests: prepared((db, { numbers }: { readonly numbers: readonly number[] }) =>
      lock(
        db
          .selectFrom('requests')
          .selectAll()
          .where('number', 'in', numbers)
          // Everybody locks in the same order.
          .orderBy('number'),
        'wait',
      ),
    ),
  };
}

export const setCounter = prepared((db, { number }: { readonly number: number }) =>
  db.updateTable('counters').set({ value: number }).where('name', '=', 'requests'),
);

export const insertRequests = prepared((db, rows: readonly Insertable<RequestsTable>[]) =>
  db.insertInto('requests').values(rows),
);

/** Writes of `columns` those that differ from the row: SQLite writes every index anew that a column is named of. */
export async function updateRequest(
  db: Reader,
  row: Selectable<RequestsTable>,
  columns: Updateable<RequestsTable>,
): Promise<void> {
  const changed = Object.entries(columns).filter(([name, value]) => row[name as keyof typeof row] !== value);
  await setColumns(db, { number: row.number, columns: Object.fromEntries(changed) });
}

interface ChangedRequest {
  readonly number: number;
  readonly columns: Updateable<RequestsTable>;
}

const setColumns = prepared((db, { number, columns }: ChangedRequest) =>
  db.updateTable('requests').set(columns).where('number', '=', number),
);

export type EventRow = Insertable<Database['events']>;

export const insertEventRows = prepared((db, rows: readonly EventRow[]) =>
  db.insertInto('events').values(rows),
);

export const insertEvaluationRow = prepared((db, row: Insertable<Database['evaluations']>) =>
  db.insertInto('evaluations').values(row),
);

/** `known`: the newest form that this version understands. */
export function rowsListed(db: Reader, { before, asker, ...query }: RequestQuery, known: number) {
  return listed(db, {
    ...query,
    known,
    ...(before === undefined ? {} : { before: numberOf(before) }),
    ...(asker?.email === undefined ? {} : { address: asker.email.toLowerCase() }),
    ...(asker === undefined ? {} : { account: asker.id }),
  });
}

interface Listed extends Omit<RequestQuery, 'before' | 'asker'> {
  readonly known: number;
  readonly before?: number;
  readonly account?: string;
  readonly address?: string;
}

const listed = prepared((db, query: Listed) => {
  let rows = db.selectFrom('requests').select(requestColumns).limit(query.limit);
  if (query.isToShow) rows = rows.where('form', '<=', query.known);
  // What is bounded by age comes by age, so that one index finds and orders it: numbers are given in the order of asking.
  if (query.since !== undefined) rows = rows.orderBy('created_at', 'desc');
  // Few match, and SQLite would walk through all numbers to have them in order: the plus hides that it could.
  const number = query.livedSince === undefined ? raw.ref<number>('number') : raw<number>`+number`;
  rows = rows.orderBy(number, 'desc');
  if (query.account !== undefined) rows = rows.where('number', 'in', askedBy(db, query.account, query));
  if (query.requester !== undefined) rows = rows.where('requester', '=', query.requester);
  if (query.statuses !== undefined) rows = rows.where('status', 'in', query.statuses);
  if (query.action !== undefined) rows = rows.where('action', '=', query.action);
  if (query.actions !== undefined) rows = rows.where('action', 'in', query.actions);
  if (query.since !== undefined) rows = rows.where('created_at', '>=', query.since);
  if (query.before !== undefined) rows = rows.where(number, '<', query.before);
  if (query.owesReview) rows = rows.where('owes_review', '=', 1);
  if (query.livedSince !== undefined) rows = rows.where('lived_until', '>=', query.livedSince);
  if (query.hasLivingEnvironment !== undefined) {
    // In the text: with a parameter there SQLite would plan the statement anew each time, as its index is a partial one.
    rows = rows.where('has_living_environment', '=', raw.lit(query.hasLivingEnvironment ? 1 : 0));
  }
  return rows;
});

/** By account and by address, each by its own index: as one condition SQLite would read what everybody asked for. */
function askedBy(db: Reader, account: string, { address, since = 0 }: Listed) {
  const asked = db.selectFrom('requests').select('number').where('created_at', '>=', since);
  const byAccount = asked.where('requester', '=', account);
  return address === undefined ? byAccount : byAccount.union(asked.where('requester_email', '=', address));
}
