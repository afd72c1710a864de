/** A port that can be named before anybody listens on it: two programs that must know of each other have to begin so. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems hand out by themselves (Linux begins at 32768, others at 49152), so that no outgoing
 * connection and no `listen(0)` takes it between now and its use.
 */
const first = 20_000;
const last = 32_000;
const triesMax = 50;

/** @throws Error when none of fifty was free. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = randomInt(first, last);
    if (await isFree(port)) return port;
  }
  throw new Error(`None of ${triesMax} ports between ${first} and ${last} was free.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
