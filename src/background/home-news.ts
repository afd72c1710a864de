/**
 * Tells the Homes that are looked at over this replica of what was written, at whichever replica: it follows the audit,
 * which is the one order of all that happens. It keeps nothing, and asks for one row while nobody looks.
 */
import type { AuditStore } from '../core/audit.ts';
import { secondMs } from '../core/duration.ts';
import type { RequestId } from '../core/ids.ts';
import type { Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import type { Homes } from '../slack/homes.ts';
import { keepLooking, type Looking } from './keep-looking.ts';

export interface HomeNewsOptions {
  readonly store: Pick<AuditStore, 'auditHead' | 'auditEntries'> & Pick<Store, 'load'>;
  readonly homes: Pick<Homes, 'hasReaders' | 'changed'>;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

/** How soon a Home hears of something; it is drawn within a second of that (slack/homes.ts). */
const lookEveryMs = 2 * secondMs;
/** Beyond so many in one look everything may have changed; the rest is looked at the next time. */
const entriesMax = 200;

export function followForHomes({ store, homes, scheduler, log }: HomeNewsOptions): Looking {
  /** Up to where was told. */
  let position: number | undefined;

  async function tell(from: number): Promise<void> {
    const entries = await store.auditEntries(from, entriesMax);
    const ids = new Set(entries.flatMap(({ link }): RequestId[] => (link.request ? [link.request] : [])));
    for (const id of ids) {
      const request = await store.load(id);
      if (request) homes.changed(request);
    }
    position = entries.at(-1)?.link.position ?? from;
  }

  return keepLooking(scheduler, async () => {
    try {
      // Kept up to date while nobody looks: what changes between an opening and the first look after it is told, too.
      if (position === undefined || !homes.hasReaders()) ({ position } = await store.auditHead());
      else await tell(position);
    } catch (error) {
      log.warn({ problem: problemFrom(error) }, 'the Homes could not be told of what has changed');
    }
    return lookEveryMs;
  });
}
