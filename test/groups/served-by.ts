/** A server on a free port that answers however a test wants it, or not at all. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Served {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

export async function servedBy(answer: () => Served | undefined) {
  const asked: string[] = [];
  const made = createServer((request, response) => {
    asked.push(request.url ?? '/');
    const served = answer();
    if (!served) return;
    const { status = 200, type = 'application/json', body } = served;
    const headers = { 'content-type': type, ...(status === 302 ? { location: '/again' } : {}) };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    made.closeAllConnections();
    made.close();
  });
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, asked };
}
