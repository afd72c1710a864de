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
import { plainKey } from './plain-key.ts';
import { asKept, columnsOf, numberOf, type RequestColumns, readEvent } from './request-rows.ts';
import {
  type EventRow,
  type Holds,
  holdsOf,
  insertEvaluationRow,
  insertEventRows,
  insertRequests,
  type KnownRow,
  rowNumbered,
  rowsAskedWith,
  rowsListed,
  setCounter,
  updateRequest,
} from './request-statements.ts';
import type { Sql } from './sql.ts';
import { together } from './together.ts';
import { wantCard, wantNotices } from './want-told.ts';

export function createRequests(sql: Sql): Pick<Store, 'create' | 'load' | 'append' | 'history' | 'list'> {
  const hold = holdsOf(sql.dialect);
  // Told that it failed, people would ask for it again, by another key: it would be done twice.
  const made = together((asks: readonly Ask[]) => sql.writeOnce((trx) => create(sql, hold, trx, asks)));
  return {
    create: (key, events, code) => made({ key: plainKey(key), events, code }),
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

interface Ask {
  readonly key: string;
  readonly events: (id: RequestId) => readonly RequestEvent[];
  readonly code?: CodeUse | undefined;
}

interface Made {
  readonly request: PlatformRequest;
  readonly isNew: boolean;
}

/** All or none of them: two of the same key are one request. */
async function create(sql: Sql, hold: Holds, trx: Writer, asks: readonly Ask[]): Promise<readonly Made[]> {
  // The counter is taken before the keys are looked for: of two that create at once, the second sees the first's rows.
  const counter = (await hold.counter(trx, {})).rows[0];
  const { rows } = await rowsAskedWith(trx, { keys: asks.map(({ key }) => key) });
  const made = new Map(rows.map((row) => [row.submission_key, readKnown(sql, row)]));
  const fresh: Fresh[] = [];
  const answers: Made[] = [];
  for (const { key, events, code } of asks) {
    const known = made.get(key);
    if (known) {
      answers.push({ request: known, isNew: false });
      continue;
    }
    if (code && !(await spendCode(trx, code))) throw new ProblemError(codeSpent());
    const one = firstOf(Number(counter?.value) + fresh.length + 1, events);
    fresh.push({ key, ...one });
    made.set(key, one.request);
    answers.push({ request: one.request, isNew: true });
  }
  await insertFresh(sql, trx, fresh);
  return answers;
}

interface Fresh {
  readonly key: string;
  readonly number: number;
  readonly events: readonly RequestEvent[];
  readonly request: PlatformRequest;
}

function firstOf(number: number, events: Ask['events']): Omit<Fresh, 'key'> {
  const id = requestIdOf(number);
  const first = events(id).map(asKept);
  const request = fold(first);
  if (request.id !== id)
    throw new Error(`the first event names ${request.id}, but the number given was ${id}`);
  return { number, events: first, request };
}

async function insertFresh(sql: Sql, trx: Writer, fresh: readonly Fresh[]): Promise<void> {
  const last = fresh.at(-1);
  if (!last) return;
  await setCounter(trx, { number: last.number });
  await insertRequests(
    trx,
    fresh.map(({ key, number, events, request }) => ({
      ...readableColumns(sql, number, request),
      number,
      submission_key: key,
      lease_holder: null,
      lease_until: null,
      lease_fence: 0,
      has_news: 0,
      form: formAfter(sql.forms, 1, events),
    })),
  );
  await insertEventRows(
    trx,
    fresh.flatMap(({ number, events }) => rowsOf(number, 1, events)),
  );
  for (const { request, events } of fresh) await wantCard(trx, request, events);
  await sql.joinChain(
    trx,
    fresh.flatMap(({ request, events }) => sourcesOf(request.id, 1, events)),
  );
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
    await insertEventRows(trx, rowsOf(number, before.version + 1, events));
    // Something has happened: whoever postponed it, or is about to, does so before they know.
    const held = change.claim?.requestId === change.requestId ? {} : { has_news: 1 };
    const wake = row.lease_holder === null ? { lease_until: null } : held;
    const form = formAfter(sql.forms, row.form, events);
    await updateRequest(trx, row, { ...readableColumns(sql, number, request), ...wake, form });
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

function rowsOf(number: number, firstSeq: number, events: readonly RequestEvent[]): EventRow[] {
  return events.map((event, index) => ({
    request_number: number,
    seq: firstSeq + index,
    type: event.type,
    at: event.at,
    body: JSON.stringify(event),
  }));
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
