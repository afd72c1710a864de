/** What all else stands on: what can be asked for, the documents of `data/`, the platforms and the database. */
import { loadActions } from '../actions/load.ts';
import { createEditNews, type EditNews } from '../background/edit-news.ts';
import type { Actions } from '../core/action.ts';
import type { AuditStore } from '../core/audit.ts';
import type { Outside } from '../core/outside.ts';
import type { Store } from '../core/store.ts';
import { openStore } from '../store/open-store.ts';
import { type DocumentsInForce, openDocuments } from './documents-in-force.ts';
import { openOutside } from './open-outside.ts';
import type { Opening } from './opening.ts';

export interface Foundation {
  readonly actions: Actions;
  readonly documents: Pick<DocumentsInForce, 'catalog' | 'policy'>;
  readonly editNews: EditNews;
  readonly outside: Outside;
  readonly store: Store & AuditStore;
}

/** @throws ProblemError with what to do about it, when a file is wrong or the database does not open. */
export async function openFoundation(opening: Opening): Promise<Foundation> {
  const { settings, environment, end } = opening;
  const actions = await loadActions();
  // Each needs the other, but neither at once: clusters are looked up in the catalog when one is asked for.
  const outside = openOutside(settings, () => documents.catalog(), environment);
  end.add('parts', 'the outside', () => outside.close());
  const editNews = createEditNews(environment);
  end.add('work', 'news of edits', () => editNews.close());
  const documents = await openDocuments(settings.dataFolder, actions, {
    ...environment,
    onNews: (news) => editNews.hear(news),
    forge: () => outside.ports.forge,
  });
  end.add('parts', 'documents', () => documents.close());
  return { actions, documents, editNews, outside: outside.ports, store: await openHistory(opening) };
}

/** The database, and with it the time that all replicas share. */
async function openHistory({ settings, environment, end }: Opening): Promise<Store & AuditStore> {
  const { clock, log, diskFailed } = environment;
  const store = await openStore(settings.database, {
    ...(diskFailed && { diskFailed }),
    heldUp: () =>
      log.warn(
        {},
        'the new schema waits for another session, like a backup; pg_locks says which. Trying again',
      ),
  });
  end.add('store', 'the database', () => store.close());
  const time = await clock.follow?.(store, environment);
  end.add('parts', 'the time', () => time?.stop());
  const brought = await store.bringForward(clock.now());
  if (brought > 0) log.warn({ rows: brought }, 'the clock was ahead before; what it had put off is due now');
  return store;
}
