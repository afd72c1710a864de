/** Requests: the first events, every later change, and the lists. */
import type { AuditSource } from '../core/audit.ts';
import { type CodeUse, codeSpent } from '../core/codes.ts';
import { apply, fold } from '../core/fold.ts';
import { type RequestId, requestIdOf } from '../core/ids.ts';
import { ProblemError, problem, problemFrom } from '../core/problem.ts';
import type { PlatformRequest, RequestEvent } from '../core/request.ts';
import type { Change, Claim, Evaluation, RequestQuery, Store } from '../core/store.ts';
import { spendCode } from './codes.ts';
import { followDelegations } from './delegations.ts';
import type { Writer } from './dialect.ts';
import { expectForm, formAfter } from './forms.ts';
import { followLocks, orderLocks, settleLocks } from './locks.ts';
import { asKept, columnsOf, numberOf, type RequestColumns, readEvent } from './request-rows.ts';
import {
  type Holds,
  holdsOf,
  insertEvaluationRow,
  insertEventRows,
  insertRequest,
  type KnownRow,
  rowAskedWith,
  rowNumbered,
  rowsListed,
  setCounter,
  updateRequest,
} from './request-statements.ts';
import type { Sql } from './sql.ts';
import { wantCard, wantNotices } from './want-told.ts';

export function createRequests(sql: Sql): Pick<Store, 'create' | 'load' | 'append' | 'history' | 'list'> {
  const hold = holdsOf(sql.dialect);
  return {
    // Told that it failed, people would ask for it again, by another key: it would be done twice.
    create: (key, events, code) => sql.writeOnce((trx) => create(sql, hold, trx, key, events, code)),
    append: (change) => sql.write((trx) => append(sql, hold, trx, change)),

    load: (id) =>
      sql.read(async (db) => {
        const [row] = (await rowNumbered(db, { number: numberOf(id) })).rows;
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
  hold: Holds,
  trx: Writer,
  key: string,
  events: (id: RequestId) => readonly RequestEvent[],
  code: CodeUse | undefined,
): Promise<{ request: PlatformRequest; isNew: boolean }> {
  // The counter is taken before the key is looked for: of two that create at once, the second sees the first's row.
  const counter = (await hold.counter(trx, {})).rows[0];
  const [made] = (await rowAskedWith(trx, { key })).rows;
  if (made) return { request: readKnown(sql, made), isNew: false };
  if (code && !(await spendCode(trx, code))) throw new ProblemError(codeSpent());

  const number = Number(counter?.value) + 1;
  await setCounter(trx, { number });
  const id = requestIdOf(number);
  const first = events(id).map(asKept);
  const request = fold(first);
  if (request.id !== id)
    throw new Error(`the first event names ${request.id}, but the number given was ${id}`);
  await insertRequest(trx, {
    ...readableColumns(sql, number, request),
    number,
    submission_key: key,
    lease_holder: null,
    lease_until: null,
    lease_fence: 0,
    has_news: 0,
    form: formAfter(sql.forms, 1, first),
  });
  await insertEvents(trx, number, 1, first);
  await wantCard(trx, request, first);
  await sql.joinChain(trx, sourcesOf(id, 1, first));
  return { request, isNew: true };
}

async function append(sql: Sql, hold: Holds, trx: Writer, change: Change): ReturnType<Store['append']> {
  const number = numberOf(change.requestId);
  const asked = change.events.map(asKept);
  await orderLocks(sql.dialect, trx, asked);
  const claimed = change.claim ? numberOf(change.claim.requestId) : number;
  const { rows } = await hold.requests(trx, { numbers: [...new Set([number, claimed])] });
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
    const form = formAfter(sql.forms, row.form, events);
    await updateRequest(trx, {
      number,
      columns: { ...readableColumns(sql, number, request), ...wake, form },
    });
    await followLocks(trx, before, events);
    await followDelegations(trx, events);
    await wantCard(trx, request, events);
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
  await insertEventRows(
    trx,
    events.map((event, index) => ({
      request_number: number,
      seq: firstSeq + index,
      type: event.type,
      at: event.at,
      body: JSON.stringify(event),
    })),
  );
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
  await insertEvaluationRow(trx, {
    request_number: number,
    stage,
    at,
    facts: JSON.stringify(facts ?? null),
    verdict: JSON.stringify(verdict),
  });
}

async function list(sql: Sql, query: RequestQuery): Promise<readonly PlatformRequest[]> {
  // PostgreSQL knows no empty list.
  if (query.statuses?.length === 0 || query.actions?.length === 0) return [];
  const { rows } = await sql.read((db) => rowsListed(db, query, sql.forms.known));
  return rows.map((row) => readKnown(sql, row));
}

function unknownRequest(id: RequestId): ProblemError {
  return new ProblemError(
    problem('unknown_request', `There is no ${id}.`, 'See `/requests` for yours.', {
      detail: `an append to ${id}, which the store does not hold`,
    }),
  );
}
