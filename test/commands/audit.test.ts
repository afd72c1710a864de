/** The audit on the command line: chosen, shown, in a spreadsheet, with keys and without. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportAudit } from '../../src/commands/audit/export.ts';
import { auditKey } from '../../src/commands/audit/key.ts';
import { redactAudit } from '../../src/commands/audit/redact.ts';
import { showAudit } from '../../src/commands/audit/show.ts';
import { verifyAudit } from '../../src/commands/audit/verify.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { keyPair, verified } from '../audit/logs.ts';
import { evaluated, monday, person, submit, write } from '../store/example-requests.ts';

const hour = 3_600_000;
let folder: string;
let database: { readonly file: string };
const ours = keyPair();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-commands-'));
  database = { file: join(folder, 'greenlight.db') };
  const store = await openSqliteStore(database);
  const first = await submit(store, 'a');
  await write(store, first, [evaluated('require_approval', monday)]);
  const search = { kind: 'service', name: 'search', tier: 'staging', team: 'search' } as const;
  await submit(store, 'b', {
    ...{ at: monday + hour, requester: person('Bob'), target: search },
    bypass: { kind: 'break_glass', reason: `=cmd|'/c calc'!A1, "now"\n\u001b[2J` },
  });
  await store.addRefusal({
    ...{
      at: monday + 2 * hour,
      door: '/env',
      code: 'own_request',
      sentence: '+1 No.',
      reference: 'r',
      times: 1,
    },
    ...{ by: 'UBOB', about: requestIdOf(1) },
  });
  const [newest] = await store.auditEntries(3, 1);
  if (newest) await store.addCheckpoint(ours.signed(newest));
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function lines(more: Partial<Parameters<typeof exportAudit>[0]> = {}): Promise<string[]> {
  const found: string[] = [];
  await exportAudit(
    { database, format: 'jsonl', ...more },
    monday + 3 * hour,
    async (line) => void found.push(line),
  );
  return found;
}

const positionsIn = (found: readonly string[]) =>
  found.flatMap((line) => (line.startsWith('{"hash"') ? [JSON.parse(line).link.position] : []));

describe('an export', () => {
  test.each([
    [{ person: 'UBOB' }, [3, 4]],
    [{ person: 'ada@EXAMPLE.com' }, [1, 2, 4]],
    [{ service: 'search' }, [3]],
    [{ control: 'production' }, [1, 2, 4]],
    [{ control: 'production', person: 'UBOB' }, [4]],
    [{ since: '2h' }, [3, 4]],
    [{ since: '2026-11-16T10:00Z', until: '2026-11-16T11:00Z' }, [3]],
    [{ until: '2026-11-16' }, []],
  ])(
    'by %j has what belongs to it, says that it is an excerpt, and verifies as one',
    async (chosen, positions) => {
      const found = await lines(chosen);
      expect(positionsIn(found)).toEqual(positions);
      if (positions.length === 0) return;
      const report = verified(found);
      expect(report.fault).toBeUndefined();
      expect(report.excerpt).toContain(Object.values(chosen)[0]?.replace(/T.*|2h/, '') ?? '');
      expect(
        verified(found.with(1, String(found[1]).replace('"body":{"', '"body":{"x'))).fault,
      ).toBeDefined();
    },
  );

  test('of everything has the checkpoints among the events', async () => {
    expect(verified(await lines(), { keys: [ours.publicKey] })).toMatchObject({ entries: 4, signedUpTo: 4 });
  });

  test('for a spreadsheet runs nothing there, and keeps a row a row', async () => {
    const [header, ...rows] = await lines({ format: 'csv' });
    expect(header).toBe(
      'position,at,kind,type,request,number,action,service,target,tier,person,name,email,decision,rules,note,hash',
    );
    expect(rows.map((row) => row.slice(0, row.lastIndexOf(',')))).toEqual([
      '1,2026-11-16T09:00:00.000Z,event,requested,REQ-1,1,deploy,payments,payments,production,UADA,Ada,ada@example.com,,,',
      '2,2026-11-16T09:00:00.000Z,event,evaluated,REQ-1,2,deploy,payments,payments,production,,,,require_approval,production,',
      `3,2026-11-16T10:00:00.000Z,event,requested,REQ-2,1,deploy,search,search,staging,UBOB,Bob,bob@example.com,,,"'=cmd|'/c calc'!A1, ""now""\n\u001b[2J"`,
      "4,2026-11-16T11:00:00.000Z,refusal,own_request,REQ-1,1,deploy,payments,payments,production,UBOB,,,,,'+1 No.",
    ]);
  });

  test.each([
    [{ format: 'xml' }, '"xml" is no format.'],
    [{ since: 'yesterday' }, '"yesterday" is not a time.'],
    [{ database: { file: 'none.db' } }, 'There is no database at none.db.'],
  ])('refuses %j in a sentence', async (given, sentence) => {
    await expect(lines(given)).rejects.toMatchObject({ problem: { sentence } });
  });
});

describe('an export on the command line', () => {
  const run = (line: string) =>
    promisify(execFile)('sh', [
      '-c',
      `"$0" src/cli.ts audit export --database "$1" ${line}`,
      process.execPath,
      database.file,
    ]);

  test.skipIf(!existsSync('/dev/full'))('onto a full disk fails, and says that it is cut short', async () => {
    await expect(run('> /dev/full')).rejects.toMatchObject({
      code: 1,
      stderr: 'The export could not be written (ENOSPC): make room, and export again.\n',
    });
  });

  test('ends without a word where its reader has seen enough', async () => {
    // To one who has gone already, so that no write comes in time.
    expect(await run('| true')).toEqual({ stdout: '', stderr: '' });
  });
});

async function told(
  run: (write: (line: string) => void) => Promise<unknown> | unknown,
): Promise<readonly [unknown, string]> {
  const found: string[] = [];
  const code = await run((line) => found.push(line));
  return [code, found.join('\n')];
}

test('show tells one request, with who was refused about it, and obeys nothing that was typed', async () => {
  const [code, text] = await told((write) => showAudit({ database, request: 'req-1' }, write));
  expect(code).toBe(0);
  expect(text.split('\n')).toEqual([
    expect.stringMatching(
      /^#1 {2}2026-11-16 09:00 UTC {2}requested {2}by Ada \(UADA, ada@example\.com\) {2}action: deploy {2}service: payments {2}target: payments {2}[0-9a-f]{12}$/,
    ),
    expect.stringContaining('decision: require_approval  rules: production'),
    expect.stringContaining('own_request  by UBOB  note: +1 No.'),
    'Each is as it was written; whether all of the chain is, `greenlight audit verify` says.',
  ]);
  expect((await told((write) => showAudit({ database, request: '2' }, write)))[1]).not.toContain('\u001b');
  for (const request of ['REQ-9', 'nonsense']) {
    await expect(showAudit({ database, request }, () => undefined)).rejects.toMatchObject({
      problem: { code: 'unknown_request' },
    });
  }
});

test('verify takes an export, keys and anchors from files, and says what it cannot prove', async () => {
  const file = join(folder, 'export.jsonl');
  const key = join(folder, 'key.txt');
  const found = await lines();
  writeFileSync(file, found.join('\n'));
  writeFileSync(key, `${ours.signer.publicKey}\n`);
  const verify = (more: object) =>
    told((write) =>
      verifyAudit({ file, database: { file: 'none' }, keys: [key], anchors: [], ...more }, write),
    );
  const [code, text] = await verify({});
  expect([code, text]).toEqual([0, expect.stringContaining('Not proven: that nothing newer was deleted')]);
  expect((await verify({ anchors: [file] }))[1]).toContain('Anchored up to event 4');
  writeFileSync(file, found.slice(0, 3).join('\n'));
  const anchors = join(folder, 'anchors.txt');
  writeFileSync(anchors, `posted: {"checkpoint":{x},"signature":""} ${found.at(-1)}`);
  expect(await verify({ keys: [], anchors: [anchors] })).toEqual([
    1,
    expect.stringContaining('the newest 2 events at least'),
  ]);
  await expect(verify({ keys: ['nonsense'] })).rejects.toMatchObject({ problem: { code: 'bad_input' } });
  await expect(verify({ file: 'none' })).rejects.toMatchObject({ problem: { code: 'not_found' } });
  await expect(verify({ anchors: [key] })).rejects.toMatchObject({ problem: { code: 'bad_input' } });
});

test('key makes a pair, and gives the public half of the one that is set', async () => {
  const [, made] = await told((write) => auditKey(undefined, write));
  const secret = /GREENLIGHT_AUDIT_KEY=(\S+)/.exec(made)?.[1] ?? '';
  const [, again] = await told((write) => auditKey(secret, write));
  expect(again).not.toContain(secret);
  expect(again.split('\n').at(-1)).toBe(made.split('\n').at(-1));
  expect(() => auditKey('nonsense', () => undefined)).toThrow('no signing key');
});

test('show of what was redacted says so, and tells what is left', async () => {
  const file = join(folder, 'redacted.db');
  const store = await openSqliteStore({ file });
  await write(store, await submit(store, 'a'), [{ type: 'cancelled', at: monday, by: person('Ada') }]);
  await store.close();
  await redactAudit({ database: { file }, olderThan: '1d' }, monday + 48 * hour, () => undefined);
  const [code, text] = await told((line) => showAudit({ database: { file }, request: 'REQ-1' }, line));
  expect(code).toBe(0);
  expect(text).toMatch(
    /^#1 {2}2026-11-16 09:00 UTC {2}requested {2}action: deploy {2}\(redacted\) {2}[0-9a-f]{12}$/m,
  );
  expect(text).not.toContain('[redacted]');
});

test('redact tells how much it took out, and what it does not reach', async () => {
  const [, text] = await told((write) =>
    redactAudit({ database, olderThan: '365d' }, monday + 3 * hour, write),
  );
  expect(text).toBe(
    '0 events of 0 requests redacted, by rule "older than 365d".\nWhat the guardrails said of 0 looks deleted.\nCopies are not reached: backups, exports, what was streamed, and messages in chat.',
  );
  const bad = (options: object) =>
    redactAudit({ database, olderThan: '1d', ...options }, monday, () => undefined);
  await expect(bad({ olderThan: 'long' })).rejects.toMatchObject({ problem: { code: 'bad_input' } });
  await expect(bad({ database: { file: 'none.db' } })).rejects.toMatchObject({
    problem: { code: 'not_found' },
  });
});
