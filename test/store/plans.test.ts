/** How SQLite means to find what the store asks for: never by reading all of a table that grows with history. */
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditStore } from '../../src/core/audit.ts';
import { dayMs } from '../../src/core/duration.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { openStatuses } from '../../src/core/request.ts';
import type { RequestQuery, Store } from '../../src/core/store.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Database } from '../../src/store/schema.ts';
import { createSqlStore } from '../../src/store/sql-store.ts';
import { ImmediateSqliteDriver, sqliteDialect } from '../../src/store/sqlite-dialect.ts';
import { evaluated, evaluation, monday, noticeOf, personId, submit, write } from './example-requests.ts';

/** Each has a row for everything that has ever happened; the others hold what is open, or a row per person. */
const growing = ['requests', 'events', 'evaluations', 'cards', 'outbox', 'deliveries', 'refusals', 'audit'];

const ada = personId('UADA');

interface Sent {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

const sqlite = new BetterSqlite3(':memory:');
const sent: Sent[] = [];
let store: Store & AuditStore;

beforeAll(async () => {
  const db = new Kysely<Database>({
    dialect: {
      createDriver: () => new ImmediateSqliteDriver({ database: async () => sqlite }),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createAdapter: () => new SqliteAdapter(),
      createIntrospector: (inner) => new SqliteIntrospector(inner),
    },
    log: ({ query }) => void sent.push({ sql: query.sql, parameters: query.parameters }),
  });
  await migrate(db, sqliteDialect);
  store = createSqlStore(db, sqliteDialect);
});
afterAll(() => store.close());

/** Every way in which requests are listed anywhere, and the index that finds them: one more belongs here. */
const lists: readonly (readonly [what: string, query: RequestQuery, index: string])[] = [
  ['those of a person', { requester: ada, limit: 20 }, 'requests_by_requester'],
  [
    'those of a person within a day',
    { requester: ada, since: monday, limit: 1_000 },
    'requests_by_requester_and_age',
  ],
  [
    'those of a person within a day, under any of their accounts',
    { asker: { id: ada, email: 'ada@acme.example' }, since: monday, limit: 1_000 },
    'requests_by_address_and_age',
  ],
  ['those of everybody within a span', { since: monday, limit: 10_000 }, 'requests_by_age'],
  ['what waits', { statuses: ['waiting'], limit: 1_000 }, 'requests_by_status'],
  ['what is on its way', { statuses: ['approved', 'running'], limit: 10_000 }, 'requests_by_status'],
  ['what is open', { statuses: openStatuses, limit: 10_000 }, 'requests_by_status'],
  ['the newest of an action', { action: 'deploy', limit: 20 }, 'requests_by_action'],
  [
    'the newest of an action that succeeded',
    { action: 'deploy', statuses: ['succeeded'], limit: 20 },
    'requests_by_status_and_action',
  ],
  [
    'environments on their way: few of all that were ever asked for',
    { actions: ['environment.create', 'environment.clone'], statuses: openStatuses, limit: 10_000 },
    'requests_by_status_and_action',
  ],
  [
    'environments that are there',
    { hasLivingEnvironment: true, limit: 10_000 },
    'requests_with_living_environment',
  ],
  ['environments that were there in a month', { livedSince: monday, limit: 10_000 }, 'requests_by_life'],
  ['the next page of these', { livedSince: monday, before: requestIdOf(9), limit: 9 }, 'requests_by_life'],
  ['emergencies that nobody has looked at', { owesReview: true, limit: 50 }, 'requests_owing_review'],
];

describe('no list of requests reads all of them', () => {
  test.each(lists)('%s', async (_what, query, index) => {
    const steps = await stepsOf(() => store.list(query));
    expect(steps.flatMap(({ detail }) => detail.split(' '))).toContain(index);
    expect(steps.filter(isScan)).toEqual([]);
  });
});

test('neither a claim nor a look at when the next is due goes through what waits until later', async () => {
  await submit(store, 'c');
  for (const look of [() => store.claimDue('one', monday, 1_000), () => store.nextDueAt()]) {
    const steps = await stepsOf(look);
    expect(steps.flatMap(({ detail }) => detail.split(' '))).toContain('requests_free');
    expect(steps.filter((step) => isScan(step) || step.detail.includes('TEMP B-TREE'))).toEqual([]);
  }
});

test('no change reads all of what there was', async () => {
  const scans = await scansOf(async () => {
    let request = await submit(store, 'a');
    request = await write(store, request, [evaluated('require_approval')]);
    await store.append({
      ...{
        requestId: request.id,
        expectedVersion: request.version,
        evaluation,
        notices: [noticeOf(request.id)],
      },
      events: [{ type: 'cancelled', at: monday, by: request.requester }],
    });
    await store.wasHandled('delivery');
    await store.handled('delivery', monday, dayMs);
    await store.keepClick('click', '{}', monday, 1_000);
    await store.lapsedClicks(monday + dayMs, 1_000, 0);
    await store.recordEvaluation({ ...evaluation, stage: 'read' });
    const refusal = { door: '/env', code: 'own_request', sentence: 'No.', reference: 'r', times: 1 } as const;
    await store.addRefusal({ ...refusal, at: monday });
    // So late that the first is forgotten, and its entry in the audit opened.
    await store.addRefusal({ ...refusal, at: monday + 200 * dayMs });
    await store.redactRequests({ before: monday + dayMs }, 'a test', monday + dayMs, 10);
    await store.recordEvaluation({ ...evaluation, stage: 'read' });
    await store.forgetLooks({ before: monday + dayMs }, 1);
    await store.forgetDelegations(monday + dayMs);
  });
  expect(scans).toEqual([]);
});

test('no look at what is due, open or of one request reads all of what there was', async () => {
  const { id } = await submit(store, 'b');
  const scans = await scansOf(async () => {
    await store.load(id);
    await store.history(id);
    await store.evaluations(id);
    await store.countReads(monday);
    await store.refusals(100);
    const claimed = await store.claimDue('one', monday, 1_000);
    if (claimed) {
      await store.renew(claimed.claim, monday, 1_000);
      await store.postpone(claimed.claim, monday + 1_000);
      await store.release(claimed.claim);
    }
    await store.nextDueAt();
    const [item] = await store.outbox(monday, 100);
    await store.postedCard(id);
    await store.settledCard(id);
    if (item) {
      await store.outboxFailed(item, monday, { code: 'internal', sentence: 'No.', next: 'Wait.' });
      await store.cardShown(item, { channel: 'C1', ts: '1.0', shownVersion: 1 });
    }
    await store.nextOutboxAt();
    await store.auditHead();
    await store.auditEntries(0, 100);
    await store.auditEntriesOf(id);
    await store.checkpoints(0, 10);
    await store.newestCheckpoint(0, () => true);
  });
  expect(scans).toEqual([]);
});

test('a start reads nothing of what has ended, to find what a clock that was ahead has put off', async () => {
  expect(await scansOf(() => store.bringForward(monday))).toEqual([]);
  expect(await scansOf(() => store.expectWritable())).toEqual([]);
});

test('the tables that grow are all of those that keep what has happened', () => {
  const keeping = ['codes', 'counters', 'cursors', 'delegations', 'drafts', 'locks', 'lock_waits', 'told'];
  const bounded = [
    ...keeping,
    'timers',
    'watches',
    'leases',
    'audit_head',
    'checkpoints',
    'chat_lanes',
    'schema_floor',
  ];
  const tables = sqlite
    .prepare("select name from sqlite_master where type = 'table' and name not like '%kysely%'")
    .pluck()
    .all()
    .filter((name) => name !== 'sqlite_sequence');
  expect(tables.toSorted()).toEqual([...growing, ...bounded].toSorted());
});

interface PlanStep {
  readonly detail: string;
  readonly sql: string;
}

/** The steps of the plans of what `work` sends. */
async function stepsOf(work: () => Promise<unknown>): Promise<readonly PlanStep[]> {
  sent.length = 0;
  await work();
  const queries = sent.filter(({ sql }) => /^(?:select|insert|update|delete|with)\b/i.test(sql));
  return queries.flatMap(({ sql, parameters }) => {
    const steps = sqlite.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
    return steps.map(({ detail }) => ({ detail, sql }));
  });
}

/** Those that read a growing table from end to end, with their statement. */
async function scansOf(work: () => Promise<unknown>): Promise<string[]> {
  const steps = await stepsOf(work);
  return steps.filter(isScan).map(({ detail, sql }) => `${detail}: ${sql}`);
}

/** An index that holds only what is open is read from end to end rightly; so is one whose order a limit cuts short. */
function isScan({ detail, sql }: PlanStep): boolean {
  const [, table = '', index = ''] = /^SCAN (\S+)(?: USING (?:COVERING )?INDEX (\S+))?/.exec(detail) ?? [];
  if (!growing.includes(table)) return false;
  if (ofWhatIsOpen.has(index)) return false;
  const isCutShort = /^select .* order by .* limit \?$/is.test(sql) && !/ where /i.test(sql);
  return !isCutShort;
}

const ofWhatIsOpen = new Set(['requests_due', 'requests_with_living_environment', 'outbox_pending']);
