/** Rows of the audit that no writer of ours leaves: each is found and named, and none keeps the bot from its work. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keepAudit } from '../../src/audit/follow/keep-audit.ts';
import { createSigning } from '../../src/audit/follow/sign.ts';
import { verifyStore } from '../../src/audit/verify-store.ts';
import { verifyAudit } from '../../src/commands/audit/verify.ts';
import { checkDatabase } from '../../src/commands/doctor/database.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { problemFrom } from '../../src/core/problem.ts';
import { checkSqliteFile } from '../../src/store/check-sqlite-file.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { at, exported, keyPair } from '../audit/logs.ts';
import { evaluated, monday, person, submit, write } from './example-requests.ts';

const ours = keyPair();
let folder: string;
let example: string;
let file: string;
let files = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-strays-'));
  file = example = join(folder, 'example.db');
  await withStore(async (store) => {
    const request = await submit(store, 'a');
    await write(store, request, [evaluated('require_approval', monday)]);
    await submit(store, 'b');
    await store.addCheckpoint(ours.signed(at(await store.auditEntries(0, 10), 1)));
  });
});
beforeEach(() => {
  file = join(folder, `${files++}.db`);
  copyFileSync(example, file);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function withStore<Value>(
  work: (store: Awaited<ReturnType<typeof openSqliteStore>>) => Promise<Value>,
): Promise<Value> {
  const store = await openSqliteStore({ file });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** By whoever may drop what keeps the tables as they are. */
function sql(...statements: string[]): void {
  const database = new BetterSqlite3(file);
  try {
    database.pragma('synchronous = OFF');
    const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").pluck().all();
    for (const name of triggers) database.exec(`drop trigger "${name}"`);
    for (const statement of statements) database.exec(statement);
  } finally {
    database.close();
  }
}

/** What verify says, or throws for its caller to say. */
async function told(): Promise<string> {
  const lines: string[] = [];
  const code = await verifyAudit({ file: undefined, database: { file }, keys: [], anchors: [] }, (line) =>
    lines.push(line),
  ).catch((error: unknown) => lines.push(problemFrom(error).sentence));
  return code === 0 ? 'As it was written.' : lines.join('\n');
}

const doctored = async () => JSON.stringify(await checkDatabase({ file }, undefined, () => monday));

describe.each([
  ['of another event', 'insert into checkpoints select 3, body from checkpoints where position = 2'],
  ['that is none', "insert into checkpoints values (3, '{}')"],
  ['at no position', "insert into checkpoints select 'x', body from checkpoints where position = 2"],
])('a checkpoint %s', (_which, statement) => {
  test('is named by verify, doctor, export and backup, and holds up none of them', async () => {
    sql(statement);
    const words = /The audit cannot be read at position (?:3|x)\./;
    expect(await told()).toMatch(words);
    expect(await doctored()).toMatch(words);
    await expect(withStore(exported)).rejects.toMatchObject({
      problem: { sentence: expect.stringMatching(words) },
    });
    await expect(checkSqliteFile(file)).rejects.toMatchObject({
      problem: { sentence: expect.stringMatching(words) },
    });
  });

  test('is passed by where the chain is signed and anchored, and the log has it once', async () => {
    sql(statement);
    const logged: string[] = [];
    const log = (_fields: unknown, message: string) => void logged.push(message);
    const got: number[] = [];
    await withStore(async (store) => {
      const environment = {
        ...{ store, clock: { now: () => monday }, draw: () => 0 },
        scheduler: { after: () => ({ cancel: () => undefined }) },
        log: { info: log, warn: log, error: log },
      };
      const sign = createSigning({ ...environment, signer: ours.signer, witnesses: [] });
      await sign();
      await submit(store, 'c');
      await sign();
      expect(logged).toEqual([expect.stringContaining('a checkpoint cannot be read and is passed by')]);
      const anchor = { name: 'anchor', deliver: async ({ upTo }: { upTo: number }) => void got.push(upTo) };
      await keepAudit({ ...environment, signer: ours.signer, anchors: [anchor], sinks: [] })?.look();
    });
    expect(got).toEqual([4]);
  });
});

test('an event with an entry that stands before the first is found, and no entry of its request', async () => {
  sql(
    'insert into events select request_number, 3, type, at, body from events where request_number = 1 and seq = 2',
    `insert into audit select -1, kind, at, type, 1, 3, open, seal, salt, hash, body from audit where position = 2`,
  );
  expect(await told()).toContain('Event 3 of REQ-1 stands in the database and not in the chain');
  expect(await withStore((store) => store.auditEntriesOf(requestIdOf(1)))).toHaveLength(2);
});

test('content of a redacted event that is deleted altogether is found: a redaction leaves its open part', async () => {
  await withStore(async (store) => {
    const request = at(await store.list({ limit: 10 }), -1);
    await write(store, request, [{ type: 'cancelled', at: monday, by: person('Ada') }]);
    await store.redactRequests({ before: monday + 1 }, 'all', monday + 1, 10);
  });
  expect(await told()).toBe('As it was written.');
  sql('delete from events where request_number = 1 and seq = 1');
  expect(await told()).toContain(
    'Event 1 (requested, number 1 of REQ-1) was changed: what a redaction left of it is not what was written.',
  );
});

describe('the head of the chain and its last entry', () => {
  test.each([
    [
      'delete from audit where position = 3; delete from events where request_number = 2',
      'It ends at event 2, and its head says 3: events were deleted at its end, or put there by hand.',
    ],
    [
      'update audit_head set position = 2, hash = (select hash from audit where position = 2)',
      'It ends at event 3, and its head says 2: events were deleted at its end, or put there by hand.',
    ],
    ['update audit_head set position = 0', 'It ends at event 3, and its head says 0'],
    [
      "update audit_head set hash = 'x'",
      'Event 3 (requested, number 1 of REQ-2) is not the one that the head of the chain says',
    ],
    [
      'insert into audit select 0 - position, kind, at, type, 9, seq, open, seal, salt, hash, body from audit where position = 3',
      'Event -3 (requested, number 1 of REQ-9) stands before the first: it was put there by hand.',
    ],
    [
      'delete from audit; delete from checkpoints; update audit_head set position = 0',
      'There is no event in it',
    ],
  ])('are one for verify, doctor and backup: %s', async (statement, words) => {
    sql(statement);
    expect(await told()).toContain(words);
    expect(await doctored()).toContain(words);
    expect((await checkSqliteFile(file)).faults.join()).toContain(words);
  });

  test('are one while a bot goes on writing', async () => {
    await withStore(async (store) => {
      const writing = {
        ...store,
        auditEntries: async (after: number, limit: number) => {
          if (after < 6) await submit(store, `after ${after}`);
          return store.auditEntries(after, Math.min(limit, 2));
        },
      };
      const report = await verifyStore(writing, { keys: [], anchors: [] });
      expect(report.fault).toBeUndefined();
      expect(report.entries).toBeGreaterThan(5);
    });
  });
});
