/** The audit of a database file: everything joins the chain, a stray hand is found, a redaction keeps it whole. */
import { copyFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redacted } from '../../src/audit/open-part.ts';
import { redactAll } from '../../src/audit/redact-all.ts';
import { exportAudit } from '../../src/commands/audit/export.ts';
import { verifyAudit } from '../../src/commands/audit/verify.ts';
import { advance } from '../../src/core/advance.ts';
import { fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { Refusal } from '../../src/core/refusal.ts';
import { isEnded, type PlatformRequest } from '../../src/core/request.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { exported, keyPair, verified } from '../audit/logs.ts';
import { evaluated, evaluation, monday, person, submit, write } from './example-requests.ts';
import { outputs } from './lock-moves.ts';
import { memoryStore } from './ready-store.ts';
import { commands } from './store-fold.ts';

const day = 86_400_000;
let folder: string;
let example: string;
let file: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenlight-audit-'));
  file = example = join(folder, 'example.db');
  await prepare();
});
/** A copy of one example: making each anew would wait for the disk a hundred times. */
beforeEach(() => {
  file = join(folder, `${files++}.db`);
  copyFileSync(example, file);
});
afterAll(() => rm(folder, { recursive: true }));

type Opened = Awaited<ReturnType<typeof openSqliteStore>>;

async function withStore<Value>(work: (store: Opened) => Promise<Value>): Promise<Value> {
  const store = await openSqliteStore({ file });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const refusal: Refusal = {
  ...{ at: monday, door: '/env', code: 'own_request', sentence: 'No.', reference: 'ref00001', times: 1 },
  by: 'U0EVE',
  about: requestIdOf(1),
};

/** Two requests, the first of them over, and somebody who was refused. */
function prepare(): Promise<void> {
  return withStore(async (store) => {
    const first = await write(store, await submit(store, 'a'), [evaluated('require_approval', monday)]);
    await submit(store, 'b', { requester: person('Bob') });
    await store.addRefusal(refusal);
    await store.append({
      ...{ requestId: first.id, expectedVersion: 2, notices: [], evaluation },
      events: [{ type: 'cancelled', at: monday + 1000, by: person('Ada') }],
    });
  });
}

async function told(more: Partial<Parameters<typeof verifyAudit>[0]> = {}) {
  const lines: string[] = [];
  const options = { file: undefined, database: { file }, keys: [], anchors: [], ...more };
  const code = await verifyAudit(options, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
}

function sql(...statements: string[]): void {
  const database = new BetterSqlite3(file);
  try {
    database.pragma('synchronous = OFF');
    for (const statement of statements) database.exec(statement);
  } finally {
    database.close();
  }
}

/** What stands in any table. */
function everything(): string {
  const raw = new BetterSqlite3(file, { readonly: true });
  try {
    const tables = raw.prepare("select name from sqlite_master where type = 'table'").pluck().all();
    return JSON.stringify(tables.map((table) => raw.prepare(`select * from "${table}"`).all()));
  } finally {
    raw.close();
  }
}

describe('the chain', () => {
  test('has every event and every refusal, in the order of writing', async () => {
    const entries = await withStore((store) => store.auditEntries(0, 10));
    expect(entries.map(({ link }) => [link.position, link.kind, link.type, link.request, link.seq])).toEqual([
      [1, 'event', 'requested', 'REQ-1', 1],
      [2, 'event', 'evaluated', 'REQ-1', 2],
      [3, 'event', 'requested', 'REQ-2', 1],
      [4, 'refusal', 'own_request', 'REQ-1', 1],
      [5, 'event', 'cancelled', 'REQ-1', 3],
    ]);
    expect(await told()).toEqual({ code: 0, text: expect.stringContaining('5 events, 1 to 5') });
    expect(await withStore((store) => store.auditEntriesOf(requestIdOf(1)))).toHaveLength(4);
    expect(await withStore((store) => store.auditHead())).toEqual({
      position: 5,
      hash: entries.at(-1)?.hash,
    });
  });

  test('is one, whoever writes at once', async () => {
    await withStore(async (store) => {
      await Promise.all(Array.from({ length: 5 }, (_, index) => submit(store, `key ${index}`)));
    });
    expect(await told()).toEqual({ code: 0, text: expect.stringContaining('10 events, 1 to 10') });
  });

  test('has nothing of a change that was not written', async () => {
    await withStore(async (store) => {
      await expect(store.create('bad', () => [])).rejects.toThrow();
      await submit(store, 'a');
    });
    expect((await told()).text).toContain('5 events, 1 to 5');
  });
});

describe('a stray hand in the database', () => {
  const off = ['drop trigger audit_refuse_update', 'drop trigger audit_refuse_delete'];
  const offEvents = ['drop trigger events_refuse_update', 'drop trigger events_refuse_delete'];

  test('is refused by the database itself', async () => {
    for (const statement of [
      'delete from audit',
      "update audit set hash = 'x'",
      "update audit set salt = 'x'",
      "update audit set salt = null, type = 'x'",
      "update events set body = '{}'",
      'delete from events',
    ]) {
      expect(() => sql(statement), statement).toThrow('are append-only');
    }
    expect((await told()).code).toBe(0);
  });

  test.each([
    [
      "update events set body = replace(body, 'payments', 'search') where seq = 1",
      'Event 1 (requested, number 1 of REQ-1) was changed',
    ],
    ["update events set body = 'x' where seq = 2", 'Event 2 (evaluated, number 2 of REQ-1) was changed'],
    ['delete from events where seq = 2', 'Event 2 (evaluated, number 2 of REQ-1) was changed'],
    ['delete from refusals', 'Event 4 (own_request, number 1 of REQ-1) was changed'],
    [
      'delete from refusals; update audit set salt = null where position = 4',
      'Event 4 (own_request, number 1 of REQ-1) has lost its content, and no redaction',
    ],
    [
      'update audit set salt = null where position = 2',
      'Event 2 (evaluated, number 2 of REQ-1) was changed: what a redaction left',
    ],
    [
      'update audit set at = 1 where position = 3',
      'Event 3 (requested, number 1 of REQ-2) was changed: its place',
    ],
    ['delete from audit where position = 3', 'Event 3 is missing.'],
    [
      `insert into events select request_number, 4, type, at, body from events where seq = 3`,
      'Event 4 of REQ-1 stands in the database and not in the chain',
    ],
    [
      `update audit set body = (select body from events where request_number = 1 and seq = 1) where position = 1;
       update events set body = replace(body, 'payments', 'search') where request_number = 1 and seq = 1`,
      'Event 1 (requested, number 1 of REQ-1) was changed',
    ],
    [
      'update audit set body = (select body from refusals) where position = 4; delete from refusals',
      'Event 4 (own_request, number 1 of REQ-1) was changed',
    ],
    [
      `update events set body = replace(body, 'Ada', 'Eve xoxb-123456789012-abcdef') where request_number = 1 and seq = 1`,
      'Event 1 (requested, number 1 of REQ-1) was changed',
    ],
    [
      `insert into audit select 6, kind, at, type, 2, 2, open, seal, salt, hash, body from audit where position = 5`,
      'Event 6 (cancelled, number 2 of REQ-2) was changed',
    ],
  ])('is found when it gets past that: %s', async (statement, words) => {
    sql(...off, ...offEvents, statement);
    const { code, text } = await told();
    expect(text).toContain(words);
    expect(code).toBe(1);
  });
});

describe('an export', () => {
  test('verifies on another machine, where there is no database', async () => {
    const copy = join(folder, 'copy.jsonl');
    const lines: string[] = [];
    await exportAudit({ database: { file }, format: 'jsonl' }, monday, async (line) => void lines.push(line));
    await writeFile(copy, `${lines.join('\n')}\n`);
    expect(await told({ file: copy, database: { file: 'none' } })).toMatchObject({ code: 0 });
    await writeFile(copy, lines.join('\n').replace('payments', 'search'));
    expect(await told({ file: copy, database: { file: 'none' } })).toMatchObject({ code: 1 });
  });
});

describe('a redaction', () => {
  const year = monday + 365 * day;
  const redact = (which: { before: number; person?: string } = { before: year }) =>
    withStore((store) => store.redactRequests(which, 'older than 365d', year, 10));

  test('takes out what is personal and free of requests that are over, and the chain still verifies', async () => {
    expect(await redact()).toMatchObject({ requests: 1, events: 3 });
    const { code, text } = await told();
    expect(text).toContain('3 events redacted on 2027-11-16 09:00 UTC by rule "older than 365d".');
    expect(code).toBe(0);
    const raw = new BetterSqlite3(file, { readonly: true });
    const kept = JSON.stringify(
      ['events', 'requests', 'evaluations'].map((table) => raw.prepare(`select * from ${table}`).all()),
    );
    raw.close();
    expect(kept).not.toMatch(/Ada|ada@|UADA/);
    expect(kept.match(/v1\.4\.2/g)).toHaveLength(2);
  });

  test('leaves nothing of a person in any table: neither what they looked at nor what they lent', async () => {
    const requester = person('Ada');
    const { id, email } = requester;
    await withStore(async (store) => {
      await store.recordEvaluation({ ...evaluation, stage: 'read', facts: { requester: { id, email } } });
      const lent = await submit(store, 'c', { action: 'approver.delegate' });
      const to = { since: monday, until: monday + day, to: person('Carl') };
      const delegation = { requestId: lent.id, from: requester, ...to };
      await write(store, lent, [
        evaluated('allow'),
        { type: 'approved', at: monday, because: 'policy' },
        { type: 'started', at: monday, plan: [] },
        { type: 'succeeded', at: monday, outputs: { ...outputs, delegation } },
      ]);
      await redactAll(store, { before: year, person: id }, 'older than 365d, of one person', year);
    });
    expect((await told()).code).toBe(0);
    expect(everything()).not.toMatch(/Ada|ada@|UADA|Carl|UCARL/);
  });

  test('leaves a request that can be read, listed and folded, with what is not personal', async () => {
    await redact();
    await withStore(async (store) => {
      const request = await store.load(requestIdOf(1));
      const history = await store.history(requestIdOf(1));
      expect(fold(history.map(({ event }) => event))).toStrictEqual(request);
      expect(request).toMatchObject({
        ...{ status: 'cancelled', action: 'deploy', createdAt: monday },
        target: { name: redacted, tier: 'production', team: 'payments' },
        requester: { id: redacted, name: redacted, kind: 'member' },
      });
      expect(await store.list({ limit: 10 })).toHaveLength(2);
      expect(await store.evaluations(requestIdOf(1))).toEqual([]);
    });
  });

  test('is done once, and spares what is open, younger, or of somebody else', async () => {
    expect(await redact({ before: monday + 1000 })).toMatchObject({ requests: 0, events: 0 });
    expect(await redact({ before: year, person: 'UBOB' })).toMatchObject({ requests: 0, events: 0 });
    expect(await redact({ before: year, person: 'UADA' })).toMatchObject({ requests: 1, events: 3 });
    expect(await redact()).toMatchObject({ requests: 0, events: 0 });
  });

  test.each([
    ['whose environment lives', 'update requests set has_living_environment = 1 where number = 1'],
    ['that still has to be looked at', 'update requests set owes_review = 1 where number = 1'],
    ['with which something is due', `update requests set due_at = ${year} where number = 1`],
    ['that holds a lock', "insert into locks (request_number, keys, body) values (1, '*', '{}')"],
  ])('spares a request %s, though it has ended', async (_what, statement) => {
    sql(statement);
    expect(await redact()).toMatchObject({ requests: 0, events: 0, left: [] });
  });

  test('of refusals after a quarter is noted as well', async () => {
    await withStore((store) => store.addRefusal({ ...refusal, at: monday + 93 * day }));
    const { code, text } = await told();
    expect(text).toContain(
      '1 event redacted on 2027-02-17 09:00 UTC by rule "refusals are kept for a quarter".',
    );
    expect(code).toBe(0);
  });

  test('leaves alone what it would make unreadable, and goes on to the next', async () => {
    await withStore(async (store) => {
      const second = await store.load(requestIdOf(2));
      if (second) await write(store, second, [{ type: 'cancelled', at: monday, by: person('Bob') }]);
    });
    sql(
      'drop trigger events_refuse_update',
      "update events set body = '{}' where request_number = 1 and seq = 2",
    );
    const done = await withStore((store) => redactAll(store, { before: year }, 'all', year));
    expect(done).toEqual({ requests: 1, events: 2, looks: 0, left: ['REQ-1'] });
  });

  test('cannot be claimed for what it did not name', async () => {
    await redact();
    sql(
      'drop trigger audit_refuse_update',
      'drop trigger audit_refuse_delete',
      "update audit set salt = null where kind = 'refusal'",
      'delete from refusals',
    );
    expect((await told()).text).toContain('Event 4 (own_request, number 1 of REQ-1) has lost its content');
  });
});

test('of refusals the newest 100,000 are kept, and a twentieth more goes with what is too much', async () => {
  const add = () => withStore((store) => store.addRefusal(refusal));
  const put = (...ids: number[]) =>
    sql(
      ...ids.map((id) => `insert into refusals (id, at, body) select ${id}, at, body from refusals limit 1`),
    );
  const ids = () => {
    const raw = new BetterSqlite3(file, { readonly: true });
    try {
      return raw.prepare('select id from refusals order by id').pluck().all();
    } finally {
      raw.close();
    }
  };
  // The first is of `prepare`; the ids are all that the limit goes by.
  put(5_001, 5_002, 99_999);
  await add();
  expect(ids()).toEqual([1, 5_001, 5_002, 99_999, 100_000]);
  await add();
  expect(ids()).toEqual([5_002, 99_999, 100_000, 100_001]);
});

test('checkpoints are kept once and for good, and cursors move only from where they were', async () => {
  const ours = keyPair();
  await withStore(async (store) => {
    const [entry] = await store.auditEntries(4, 1);
    if (!entry) throw new Error('no entry');
    expect(await store.addCheckpoint(ours.signed(entry))).toBe(true);
    expect(await store.addCheckpoint(ours.signed(entry))).toBe(false);
    expect(await store.checkpoints(0, 10)).toEqual([ours.signed(entry)]);
    expect([await store.cursor('a'), await store.moveCursor('a', 0, 3)]).toEqual([0, true]);
    expect([await store.moveCursor('a', 0, 4), await store.moveCursor('a', 3, 5)]).toEqual([false, true]);
    expect(await store.cursor('a')).toBe(5);
    const lines = await exported(store);
    expect(verified(lines, { keys: [ours.publicKey] })).toMatchObject({ signedUpTo: 5 });
  });
  for (const statement of ["update checkpoints set body = 'x'", 'delete from checkpoints']) {
    expect(() => sql(statement), statement).toThrow('checkpoints are append-only');
  }
  sql('drop trigger audit_refuse_delete', 'delete from audit where position > 3');
  expect((await told({ keys: [ours.signer.publicKey] })).text).toContain(
    'The events after 3 are missing here',
  );
});

test('whatever was commanded in whatever order: what is over can be redacted, folds as before, and the chain verifies', async () => {
  const store = await memoryStore();
  const requests: PlatformRequest[] = [];
  await fc.assert(
    fc.asyncProperty(fc.array(commands, { maxLength: 25 }), async (sequence) => {
      let request = await submit(store, `run ${requests.length}`);
      for (const command of sequence) {
        const advanced = advance(request, command(request, monday), monday);
        if (advanced.ok && advanced.events.length > 0) request = await write(store, request, advanced.events);
      }
      requests.push(request);
    }),
    { numRuns: 40 },
  );
  const over = requests.filter((request) => isEnded(request) && request.dueAt === undefined);
  const done = await redactAll(store, { before: monday + day }, 'all', monday + day);
  expect(done.requests).toBe(over.length);
  for (const { id, status, version, steps, reviews } of requests) {
    const request = await store.load(id);
    expect(request).toMatchObject({
      status,
      version,
      steps: steps.map((step) => ({ id: step.id, state: step.state })),
    });
    expect(request?.reviews).toHaveLength(reviews.length);
  }
  expect(verified(await exported(store)).fault).toBeUndefined();
  await store.close();
});
