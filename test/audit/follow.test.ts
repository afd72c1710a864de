/** Who follows the audit gets all of it, in its order, whatever happens to them: down, slow, lying, half written. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepAudit } from '../../src/audit/follow/keep-audit.ts';
import { type Deliver, toFile, toHttp } from '../../src/audit/follow/places.ts';
import { startAudit } from '../../src/background/audit-keeper.ts';
import { anchorsIn } from '../../src/commands/audit/open.ts';
import type { AuditEntry } from '../../src/core/audit.ts';
import { dayMs } from '../../src/core/duration.ts';
import type { SlackMessage } from '../../src/slack/blocks.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { evaluated, monday, person, submit, write } from '../store/example-requests.ts';
import { exported, keyPair, verified } from './logs.ts';

let folder: string;
let store: Awaited<ReturnType<typeof openSqliteStore>>;
let now: number;
let logged: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-follow-'));
  store = await openSqliteStore({ file: ':memory:' });
  now = monday;
  logged = [];
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const note = (_fields: unknown, message: string) => void logged.push(message);
const environment = () => ({
  store,
  clock: { now: () => now },
  scheduler: { after: () => ({ cancel: () => undefined }) },
  log: { info: note, warn: note, error: note },
  draw: () => 0,
});

function following(deliver: Deliver) {
  const kept = keepAudit({ ...environment(), anchors: [], sinks: [{ name: 'sink', deliver }] });
  if (!kept) throw new Error('nothing is kept');
  return kept;
}

async function submitted(...keys: string[]) {
  for (const key of keys) await submit(store, key);
}

describe('a sink', () => {
  test('gets everything once and in order, with what came later after it', async () => {
    const got: string[] = [];
    await submitted('a', 'b');
    const kept = following(async ({ lines }) => void got.push(...lines));
    await kept.look();
    await submitted('c');
    await kept.look();
    await kept.look();
    expect(verified(got)).toMatchObject({ entries: 3 });
    expect(verified(got).fault).toBeUndefined();
  });

  test('that is down loses nothing: it is asked again, later and later, and by no restart sooner', async () => {
    await submitted('a');
    let isDown = true;
    const tries: number[] = [];
    const got: string[] = [];
    const deliver: Deliver = async ({ lines }) => {
      tries.push(now - monday);
      if (isDown) throw new Error('connection refused');
      got.push(...lines);
    };
    let kept = following(deliver);
    for (; now < monday + 16_000; now += 1_000) {
      await kept.look();
      if (now === monday + 4_000) kept = following(deliver);
    }
    // The restart after 4 s waits for what the row says, and begins anew with its own patience.
    expect(tries).toEqual([0, 1_000, 3_000, 7_000, 8_000, 10_000, 14_000]);
    isDown = false;
    now += dayMs;
    await submitted('b');
    await kept.look();
    expect(verified(got)).toMatchObject({ entries: 2 });
    expect(logged).toContain('the audit does not arrive there');
    expect(logged).toContain('the audit arrives there again');
  });

  test('that took it and never said so gets it again: at least once, never less', async () => {
    const got: string[] = [];
    await submitted('a');
    let isLost = true;
    const kept = following(async ({ lines }) => {
      got.push(...lines);
      if (isLost) throw new Error('the answer was lost');
    });
    await kept.look();
    isLost = false;
    now += 2_000;
    await kept.look();
    expect(got).toHaveLength(2);
    expect(new Set(got).size).toBe(1);
  });

  test('of two replicas is told by one at a time', async () => {
    await submitted('a');
    let inside = 0;
    let most = 0;
    const deliver: Deliver = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all([following(deliver).look(), following(deliver).look(), following(deliver).look()]);
    expect(most).toBe(1);
  });

  test('is told at once what a clock that was ahead has put off, also by whom it was killed', async () => {
    const got: string[] = [];
    let isDying = false;
    const deliver: Deliver = async ({ lines }) => {
      if (isDying) await new Promise(() => undefined);
      got.push(...lines);
    };
    for (const dies of [false, true]) {
      isDying = dies;
      now = monday + 2 * dayMs;
      await submit(store, `while ahead ${dies}`);
      const ahead = following(deliver).look();
      if (dies) await new Promise(setImmediate);
      else await ahead;
      isDying = false;
      now = monday + 60_000;
      await submit(store, `after ${dies}`);
      await following(deliver).look();
    }
    expect(verified(got)).toMatchObject({ entries: 4 });
  });

  test('that lies about what it took is found out by verifying what it has', async () => {
    const got: string[] = [];
    await submitted('a', 'b', 'c');
    const kept = following(async ({ lines }) => void got.push(...lines.filter((_, index) => index !== 1)));
    await kept.look();
    expect(verified(got).fault).toBe('Event 2 is missing.');
  });

  test('never sees a secret that somebody typed', async () => {
    const got: string[] = [];
    await submit(store, 'a', { input: { note: `token ${'gh'}p_${'a1B2'.repeat(9)}` } });
    await following(async ({ lines }) => void got.push(...lines)).look();
    expect(got.join()).not.toContain('a1B2');
    expect(verified(got)).toMatchObject({ entries: 1, withheld: 1 });
    expect(verified(got).fault).toBeUndefined();
  });
});

describe('an HTTP sink', () => {
  const portion = { lines: ['{"a":1}', '{"a":2}'], upTo: 2 };

  async function answering(status: number, headers: Record<string, string> = {}) {
    const seen: { path: string | undefined; headers: object; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        seen.push({ path: request.url, headers: request.headers, body });
        response.writeHead(status, headers).end('<html>');
      });
    }).listen(0);
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url, seen, [Symbol.dispose]: () => void server.close() };
  }

  test('gets lines of JSON, with the token and a key for repetitions', async () => {
    using server = await answering(204);
    await toHttp({ url: `${server.url}/in`, token: 'secret-token' })(portion);
    expect(server.seen).toMatchObject([
      {
        path: '/in',
        body: '{"a":1}\n{"a":2}\n',
        headers: {
          authorization: 'Bearer secret-token',
          'content-type': 'application/x-ndjson',
          'idempotency-key': 'greenlight-audit-2-2',
        },
      },
    ]);
  });

  test.each([301, 302, 307, 400, 401, 500, 503])(
    'that answers %i has not taken it, and is not followed elsewhere',
    async (status) => {
      using server = await answering(status, { location: '/elsewhere' });
      await expect(toHttp({ url: server.url })(portion)).rejects.toThrow(`It answered ${status}.`);
      expect(server.seen).toHaveLength(1);
    },
  );

  test('that does not answer is given up', async () => {
    let signal: AbortSignal | null | undefined;
    const hanging = (async (_url, init) => {
      signal = init?.signal;
      throw new Error('aborted');
    }) as typeof fetch;
    await expect(toHttp({ url: 'http://127.0.0.1' }, hanging)(portion)).rejects.toThrow('aborted');
    expect(signal).toBeInstanceOf(AbortSignal);
  });
});

describe('a file sink', () => {
  test('takes back what a crash left half written, and repeats nothing that is there', async () => {
    const file = join(folder, 'audit.jsonl');
    await toFile(file)({ lines: ['1', '2'], upTo: 2 });
    appendFileSync(file, '{"half');
    await toFile(file)({ lines: ['2', '3'], upTo: 3 });
    await toFile(file)({ lines: ['4'], upTo: 4 });
    expect(readFileSync(file, 'utf8')).toBe('1\n2\n3\n4\n');
  });
});

describe('checkpoints', () => {
  const ours = keyPair();
  const keeper = (more: Partial<Parameters<typeof keepAudit>[0]> = {}) => {
    const kept = keepAudit({ ...environment(), signer: ours.signer, anchors: [], sinks: [], ...more });
    if (!kept) throw new Error('nothing is kept');
    return kept;
  };
  const positions = async () => (await store.checkpoints(0, 10)).map(({ checkpoint }) => checkpoint.position);

  test('are signed every five minutes when something happened, and at the end', async () => {
    const kept = keeper();
    await kept.look();
    await submitted('a');
    await kept.look();
    expect(await positions()).toEqual([]);
    now += 300_000;
    await kept.look();
    now += 300_000;
    await kept.look();
    expect(await positions()).toEqual([1]);
    await submitted('b', 'c');
    await kept.stop();
    expect(await positions()).toEqual([1, 3]);
    expect(verified(await exported(store), { keys: [ours.publicKey] })).toMatchObject({ signedUpTo: 3 });
  });

  test.each([
    [
      'changed',
      (entries: readonly AuditEntry[]) => entries.map((one) => ({ ...one, body: 'never happened' })),
    ],
    ['left out', (entries: readonly AuditEntry[]) => entries.slice(1)],
    ['all gone', () => []],
  ])('are not signed over what was %s', async (_how, damage) => {
    await submitted('a');
    await keeper().stop();
    await submitted('b', 'c');
    const auditEntries = async (after: number, limit: number) =>
      damage(await store.auditEntries(after, limit));
    await keeper({ store: { ...store, auditEntries } }).stop();
    expect(await positions()).toEqual([1]);
    expect(logged.join()).toContain('so it is not signed');
  });

  test('are anchored once an hour, the newest only', async () => {
    const got: number[] = [];
    const kept = keeper({ anchors: [{ name: 'anchor', deliver: async ({ upTo }) => void got.push(upTo) }] });
    for (let minute = 0; minute <= 120; minute += 5) {
      now = monday + minute * 60_000;
      await submitted(`${minute}`);
      await kept.look();
    }
    expect(got).toEqual([1, 13, 25]);
  });

  test('in a file, a git repository and a channel are found again by verify', async () => {
    const bare = join(folder, 'anchors.git');
    const clone = join(folder, 'clone');
    const git = (...words: string[]) => execFileSync('git', words, { stdio: 'pipe', encoding: 'utf8' });
    git('init', '-q', '--bare', '-b', 'main', bare);
    git('clone', '-q', bare, clone);
    git('-C', clone, 'symbolic-ref', 'HEAD', 'refs/heads/main');
    git('-C', clone, 'config', 'push.autoSetupRemote', 'true');
    const posted: SlackMessage[] = [];
    await submitted('a', 'b');
    const file = join(folder, 'anchors.jsonl');
    const kept = startAudit(
      {
        ...{ key: ours.privateKey, sinks: [] },
        anchors: [
          { kind: 'file', path: file },
          { kind: 'git', path: clone },
          { kind: 'slack', channel: 'C1' },
        ],
      },
      { ...environment(), post: async (_channel, message) => void posted.push(message) },
    );
    await kept?.look();
    expect(logged).toEqual([]);
    const pushed = join(folder, 'pushed.jsonl');
    writeFileSync(pushed, git('-C', bare, 'show', 'main:greenlight-audit.jsonl'));
    const copied = join(folder, 'copied.txt');
    const texts = JSON.stringify(posted).match(/"text":"((?:[^"\\]|\\.)*)"/g) ?? [];
    writeFileSync(copied, texts.map((text) => JSON.parse(`{${text}}`).text).join('\n'));
    const all = await anchorsIn([file, pushed, copied]);
    expect(all.map(({ checkpoint }) => checkpoint.position)).toEqual([2, 2, 2]);
    const whole = await exported(store);
    expect(verified(whole, { keys: [ours.publicKey], anchors: all })).toMatchObject({ anchoredUpTo: 2 });
    // A channel also has the sentence around it; a file without any checkpoint proves nothing and is refused.
    writeFileSync(copied, 'nothing');
    await expect(anchorsIn([copied])).rejects.toThrow('holds no checkpoint');
  });
});

test('requests that are long over are redacted once a day, and the rule is in the chain', async () => {
  const request = await submit(store, 'a');
  await write(store, request, [evaluated('hold'), { type: 'cancelled', at: monday, by: person('Ada') }]);
  const kept = keepAudit({ ...environment(), anchors: [], sinks: [], keepMs: 365 * dayMs });
  await kept?.look();
  now = monday + 364 * dayMs + 1;
  await kept?.look();
  expect(verified(await exported(store)).redactions).toEqual([]);
  now = monday + 366 * dayMs;
  await kept?.look();
  expect(verified(await exported(store)).redactions).toEqual([
    { rule: 'kept for 365d', at: now, entries: 3 },
  ]);
});

test('a redaction that a clock which was ahead has put off comes with the next day', async () => {
  const redact = async (at: number) => {
    now = at;
    await keepAudit({ ...environment(), anchors: [], sinks: [], keepMs: 365 * dayMs })?.look();
  };
  await redact(monday + 300 * dayMs);
  const request = await submit(store, 'a');
  await write(store, request, [evaluated('hold'), { type: 'cancelled', at: monday, by: person('Ada') }]);
  await redact(monday + 100 * dayMs);
  expect((await store.timer('audit redaction'))?.dueAt).toBe(monday + 101 * dayMs);
});

test('where nothing is set, nothing runs', () => {
  expect(startAudit(undefined, { ...environment(), post: async () => undefined })).toBeUndefined();
  expect(keepAudit({ ...environment(), anchors: [], sinks: [] })).toBeUndefined();
});
