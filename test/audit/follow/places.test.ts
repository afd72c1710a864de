/** Where lines of the audit go: each place has taken them, or says that it has not. */
import { once } from 'node:events';
import { appendFileSync, mkdtempDisposableSync, readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { toFile, toHttp } from '../../../src/audit/follow/places.ts';
import { startAudit } from '../../../src/background/audit-keeper.ts';
import { verified } from '../logs.ts';
import { openFollowed } from './followed.ts';

describe('an HTTP sink', () => {
  const portion = { lines: ['{"a":1}', '{"a":2}'], upTo: 2 };

  async function answering(status: number, headers: Record<string, string> = {}) {
    const seen: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
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

  test.each([
    ['with the token', { sinkToken: 'secret-token' }, 'Bearer secret-token'],
    ['without one', {}, undefined],
  ])('is told at the address of the settings, %s', async (_how, token, authorization) => {
    using server = await answering(204);
    await using world = await openFollowed();
    await world.submitted('a');
    const url = `${server.url}/audit?of=acme`;
    await startAudit(
      { anchors: [], sinks: [{ kind: 'http', url }], ...token },
      { ...world.environment, post: async () => undefined },
    )?.look();
    expect(server.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/audit?of=acme', authorization],
    ]);
    expect(verified(server.seen[0]?.body.trimEnd().split('\n') ?? [])).toMatchObject({ entries: 1 });
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
  test('is for nobody else to read, and has taken lines when they are on the disk', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'greenlight-sink-'));
    const file = join(folder.path, 'audit.jsonl');
    const handle = await open(join(folder.path, 'other'), 'w');
    await handle.close();
    const written: string[] = [];
    const sync = vi.spyOn(Object.getPrototypeOf(handle), 'sync').mockImplementation(async () => {
      written.push(readFileSync(file, 'utf8'));
    });
    onTestFinished(() => sync.mockRestore());
    await toFile(file)({ lines: ['1'], upTo: 1 });
    // A line that is there may have come from somebody who was killed before it was on the disk.
    await toFile(file)({ lines: ['1'], upTo: 1 });
    expect(written).toEqual(['1\n', '1\n']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('takes back what a crash left half written, and repeats nothing that is there', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'greenlight-sink-'));
    const file = join(folder.path, 'audit.jsonl');
    await toFile(file)({ lines: ['1', '2'], upTo: 2 });
    appendFileSync(file, '{"half');
    await toFile(file)({ lines: ['2', '3'], upTo: 3 });
    await toFile(file)({ lines: ['4'], upTo: 4 });
    expect(readFileSync(file, 'utf8')).toBe('1\n2\n3\n4\n');
  });
});
