/** Requests: the first events, every later change, and the lists. */
import { sql as raw, type Selectable } from 'kysely';
import type { AuditSource } from '../core/audit.ts';
import { type CodeUse, codeSpent } from '../core/codes.ts';
import { apply, fold } from '../core/fold.ts';
import { type RequestId, requestIdOf } from '../core/ids.ts';
import { ProblemError, problem, problemFrom } from '../core/problem.ts';
import type { PlatformRequest, RequestEvent } from '../core/request.ts';
import type { Change, Claim, Evaluation, RequestQuery, Store } from '../core/store.ts';
import { spendCode } from './codes.ts';
import { followDelegations } from './delegations.ts';
import type { Reader, Writer } from './dialect.ts';
import { expectForm, formAfter } from './forms.ts';
import { followLocks, orderLocks, settleLocks } from './locks.ts';
import { asKept, columnsOf, numberOf, type RequestColumns, readEvent } from './rows.ts';
import type { RequestsTable } from './schema.ts';
import type { Sql } from './sql.ts';
import { wantCard, wantNotices } from './want-told.ts';

const requestColumns = ['number', 'version', 'snapshot', 'form'] as const;

type KnownRow = Pick<Selectable<RequestsTable>, (typeof requestColumns)[number]>;

export function createRequests(sql: Sql): Pick<Store, 'create' | 'load' | 'append' | 'history' | 'list'> {
  return {
    // Told that it failed, people would ask for it again, by another key: it would be done twice.
    create: (key, events, code) => sql.writeOnce((trx) => create(sql, trx, key, events, code)),
    append: (change) => sql.write((trx) => append(sql, trx, change)),

    load: (id) =>
      sql.read(async (db) => {
        const row = await db
          .selectFrom('requests')
          .select(requestColumns)
          .where('number', '=', numberOf(id))
          .executeTakeFirst();
        return row && readKnown(sql, row);
      }),

    history: (id) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('events')
          .select(['request_number', 'seq', 'body'])
          .where('request_number', '=', numberOf(id))
          .orderBy('seq')
          .execute();
        return rows.map(readEvent);
      }),

    list: (query) => list(sql, query),
  };
}

async function create(
  sql: Sql,
  trx: Writer,
  key: string,
  events: (id: RequestId) => readonly RequestEvent[],
  code: CodeUse | undefined,
): Promise<{ request: PlatformRequest; isNew: boolean }> {
  // The counter is taken before the key is looked for: of two that create at once, the second sees the first's row.
  const counter = await sql.dialect
    .lock(trx.selectFrom('counters').select('value').where('name', '=', 'requests'), 'wait')
    .executeTakeFirstOrThrow();
  const made = await trx
    .selectFrom('requests')
    .select(requestColumns)
    .where('submission_key', '=', key)
    .executeTakeFirst();
  if (made) return { request: readKnown(sql, made), isNew: false };
  if (code && !(await spendCode(trx, code))) throw new ProblemError(codeSpent());

  const number = Number(counter.value) + 1;
  await trx.updateTable('counters').set({ value: number }).where('name', '=', 'requests').execute();
  const id = requestIdOf(number);
  const first = events(id).map(asKept);
  const request = fold(first);
  if (request.id !== id)
    throw new Error(`the first event names ${request.id}, but the number given was ${id}`);
  await trx
    .insertInto('requests')
    .values({
      ...readableColumns(sql, number, request),
      number,
      submission_key: key,
      lease_holder: null,
      lease_until: null,
      lease_fence: 0,
      has_news: 0,
      form: formAfter(sql.forms, 1, first),
    })
    .execute();
  await insertEvents(trx, number, 1, first);
  await wantCard(trx, request);
  await sql.joinChain(trx, sourcesOf(id, 1, first));
  return { request, isNew: true };
}

async function append(sql: Sql, trx: Writer, change: Change): ReturnType<Store['append']> {
  const number = numberOf(change.requestId);
  const asked = change.events.map(asKept);
  await orderLocks(sql.dialect, trx, asked);
  const claimed = change.claim ? numberOf(change.claim.requestId) : number;
  const rows = await sql.dialect
    .lock(
      trx
        .selectFrom('requests')
        .select([...requestColumns, 'lease_holder', 'lease_fence'])
        .where('number', 'in', [...new Set([number, claimed])])
        // Everybody locks in the same order.
        .orderBy('number'),
      'wait',
    )
    .execute();
  const row = rows.find((one) => one.number === number);
  if (!row) throw unknownRequest(change.requestId);
  const holder = rows.find((one) => one.number === claimed);
  if (change.claim && !(holder && holds(change.claim, holder))) return { outcome: 'lease_lost' };
  const before = readKnown(sql, row);
  if (before.version !== change.expectedVersion) return { outcome: 'conflict' };

  const events = await settleLocks(trx, asked);
  if (events === 'conflict') return { outcome: 'conflict' };
  // Here and not before: whoever clicks twice at once with one code finds it spent, whatever both had seen of it.
  if (change.code && !(await spendCode(trx, change.code))) return { outcome: 'code_spent' };
  const request = events.reduce(apply, before);
  if (events.length > 0) {
    await insertEvents(trx, number, before.version + 1, events);
    // Something has happened: whoever postponed it, or is about to, does so before they know.
    const held = change.claim?.requestId === change.requestId ? {} : { has_news: 1 };
    const wake = row.lease_holder === null ? { lease_until: null } : held;
    await trx
      .updateTable('requests')
      .set({
        ...{ ...readableColumns(sql, number, request), ...wake },
        form: formAfter(sql.forms, row.form, events),
      })
      .where('number', '=', number)
      .execute();
    await followLocks(trx, before, events);
    await followDelegations(trx, events);
    await wantCard(trx, request);
  }
  if (change.evaluation) await insertEvaluation(trx, number, change.evaluation);
  await wantNotices(trx, request, change.notices);
  await sql.joinChain(trx, sourcesOf(request.id, before.version + 1, events));
  return { outcome: 'appended', request };
}

/** @throws ProblemError also when it takes a newer version to understand it. */
function readKnown(sql: Sql, row: KnownRow): PlatformRequest {
  expectForm(sql.forms, requestIdOf(row.number), row.form);
  return sql.readRequest(row);
}

/** A lease that lapsed still holds until somebody takes it over: only then has anybody else acted. */
function holds(claim: Claim, row: { lease_holder: string | null; lease_fence: number }): boolean {
  return row.lease_holder === claim.holder && row.lease_fence === claim.fence;
}

/** What could not be read again must not be written: one such row would stop every list that it is in. */
function readableColumns(sql: Sql, number: number, request: PlatformRequest): RequestColumns {
  const columns = columnsOf(request);
  try {
    sql.readRequest({ number, version: columns.version, snapshot: columns.snapshot });
  } catch (error) {
    throw new ProblemError(
      problem(
        'internal',
        'This cannot be written down as it is, so nothing was changed.',
        'Give the reference to the platform team.',
        { detail: problemFrom(error).detail ?? '' },
      ),
      { cause: error },
    );
  }
  return columns;
}

async function insertEvents(
  trx: Writer,
  number: number,
  firstSeq: number,
  events: readonly RequestEvent[],
): Promise<void> {
  await trx
    .insertInto('events')
    .values(
      events.map((event, index) => ({
        request_number: number,
        seq: firstSeq + index,
        type: event.type,
        at: event.at,
        body: JSON.stringify(event),
      })),
    )
    .execute();
}

function sourcesOf(request: RequestId, firstSeq: number, events: readonly RequestEvent[]): AuditSource[] {
  return events.map((event, index) => ({
    ...{ kind: 'event', at: event.at, type: event.type, request, seq: firstSeq + index, body: event },
  }));
}

export async function insertEvaluation(
  trx: Writer,
  number: number | null,
  evaluation: Evaluation,
): Promise<void> {
  const { stage, at, facts, verdict } = evaluation;
  await trx
    .insertInto('evaluations')
    .values({
      request_number: number,
      stage,
      at,
      facts: JSON.stringify(facts ?? null),
      verdict: JSON.stringify(verdict),
    })
    .execute();
}

function list(sql: Sql, query: RequestQuery): Promise<readonly PlatformRequest[]> {
  return sql.read(async (db) => {
    // PostgreSQL knows no empty list.
    if (query.statuses?.length === 0 || query.actions?.length === 0) return [];
    let rows = db.selectFrom('requests').select(requestColumns).limit(query.limit);
    if (query.isToShow) rows = rows.where('form', '<=', sql.forms.known);
    // What is bounded by age comes by age, so that one index finds and orders it: numbers are given in the order of asking.
    if (query.since !== undefined) rows = rows.orderBy('created_at', 'desc');
    // Few match, and SQLite would walk through all numbers to have them in order: the plus hides that it could.
    const number = query.livedSince === undefined ? raw.ref<number>('number') : raw<number>`+number`;
    rows = rows.orderBy(number, 'desc');
    if (query.asker !== undefined) rows = rows.where('number', 'in', askedBy(db, query.asker, query.since));
    if (query.requester !== undefined) rows = rows.where('requester', '=', query.requester);
    if (query.statuses !== undefined) rows = rows.where('status', 'in', [...query.statuses]);
    if (query.action !== undefined) rows = rows.where('action', '=', query.action);
    if (query.actions !== undefined) rows = rows.where('action', 'in', [...query.actions]);
    if (query.since !== undefined) rows = rows.where('created_at', '>=', query.since);
    if (query.before !== undefined) rows = rows.where(number, '<', numberOf(query.before));
    if (query.owesReview) rows = rows.where('owes_review', '=', 1);
    if (query.livedSince !== undefined) rows = rows.where('lived_until', '>=', query.livedSince);
    if (query.hasLivingEnvironment !== undefined) {
      // In the text: with a parameter there SQLite would plan the statement anew each time, as its index is a partial one.
      rows = rows.where('has_living_environment', '=', raw.lit(query.hasLivingEnvironment ? 1 : 0));
    }
    return (await rows.execute()).map((row) => readKnown(sql, row));
  });
}

/** By account and by address, each by its own index: as one condition SQLite would read what everybody asked for. */
function askedBy(db: Reader, { id, email }: NonNullable<RequestQuery['asker']>, since = 0) {
  const asked = db.selectFrom('requests').select('number').where('created_at', '>=', since);
  const byAccount = asked.where('requester', '=', id);
  return email === undefined
    ? byAccount
    : byAccount.union(asked.where('requester_email', '=', email.toLowerCase()));
}

function unknownRequest(id: RequestId): ProblemError {
  return new ProblemError(
    problem('unknown_request', `There is no ${id}.`, 'See `/requests` for yours.', {
      detail: `an append to ${id}, which the store does not hold`,
    }),
  );
}
