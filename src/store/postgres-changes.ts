/** Hearing of what other replicas write, on a connection of its own: a pooled one is handed from one to the other. */
import pg from 'pg';
import { secondMs } from '../core/duration.ts';
import { changesChannel } from './postgres-dialect.ts';
import { clientConfig } from './postgres-pool.ts';

/** After a loss: at first at once, as most are over in a moment, then ever more seldom. */
const firstRetryMs = 100;
const lastRetryMs = 10 * secondMs;

/**
 * Calls `changed` for what others have written, and once after each connection that was lost or could not be made:
 * nobody knows what was written meanwhile. Goes on until it is cancelled, whatever becomes of the server.
 */
export function listenForChanges(
  { url, name }: { readonly url: string; readonly name: string },
  changed: () => void,
): { cancel(): void } {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retryMs = firstRetryMs;
  let isCancelled = false;

  async function connect(): Promise<void> {
    const mine = new pg.Client(clientConfig({ url, name, isUnhurried: true }));
    client = mine;
    mine.on('notification', ({ payload }) => {
      if (payload !== name && !isCancelled) changed();
    });
    mine.on('error', () => again(mine));
    mine.on('end', () => again(mine));
    try {
      await mine.connect();
      await mine.query(`listen ${changesChannel}`);
      retryMs = firstRetryMs;
      if (!isCancelled) changed();
    } catch {
      again(mine);
    }
  }

  /** A connection says several times that it is lost; only the first counts. */
  function again(lost: pg.Client): void {
    if (lost !== client) return;
    client = undefined;
    lost.end().catch(() => undefined);
    if (isCancelled) return;
    timer = setTimeout(() => void connect(), retryMs);
    retryMs = Math.min(2 * retryMs, lastRetryMs);
  }

  void connect();
  return {
    cancel() {
      isCancelled = true;
      clearTimeout(timer);
      if (client) again(client);
    },
  };
}
