/**
 * One PostgreSQL for a whole run of tests, started when the first of them asks, so that the others do not pay for it.
 * Workers are processes of their own: they ask over HTTP, and are answered with the URL of a new database.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgres } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where databases are asked for. */
    readonly postgresDesk: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<PostgresServer> | undefined;
  const desk = createServer((request, response) => {
    starting ??= startPostgres();
    starting
      .then((server) => server.createDatabase(request.url === '/nothing' ? 'nothing' : 'schema'))
      .then(
        (url) => response.end(url),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  project.provide('postgresDesk', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`);
  return async () => {
    desk.closeAllConnections();
    desk.close();
    await (await starting?.catch(() => undefined))?.stop();
  };
}
