/** Where a redirect points to: a server that is there and answers, so that whoever follows is seen to arrive. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Elsewhere {
  readonly url: string;
  /** The headers of every call that came. */
  readonly arrived: readonly IncomingHttpHeaders[];
}

export async function elsewhere(answer: unknown): Promise<Elsewhere> {
  const arrived: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    arrived.push(request.headers);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, arrived };
}
