/** The real store as one life of a replica reaches it: every method a call that takes its time, may fail and may be the last. */
import type { AuditStore } from '../../src/core/audit.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import type { Store } from '../../src/core/store.ts';
import type { Calls, Life } from './calls.ts';

export type WholeStore = Store & AuditStore;

/** Told of every write that was committed, before whoever asked for it hears of it. */
export type Watch = (
  life: Life,
  method: string,
  asked: readonly unknown[],
  answer: unknown,
) => void | Promise<void>;

const reads: ReadonlySet<string> = new Set<keyof WholeStore>([
  ...(['load', 'locks', 'history', 'list', 'evaluations', 'nextDueAt', 'outbox', 'postedCard'] as const),
  ...(['nextOutboxAt', 'delegations', 'loadDraft', 'keptCode', 'watches', 'refusals', 'timer'] as const),
  ...(['countReads', 'auditHead', 'auditEntries', 'auditEntriesOf', 'unchainedEvents'] as const),
  ...(['checkpoints', 'newestCheckpoint', 'cursor', 'chatLanes', 'postedCards', 'settledCard'] as const),
]);

export function simulatedStore(store: WholeStore, calls: Calls, life: Life, watch: Watch): WholeStore {
  const own: Partial<WholeStore> = {
    listen: () => ({ cancel: () => undefined }),
    close: async () => undefined,
  };
  return new Proxy(store, {
    get(_target, name) {
      if (typeof name !== 'string') return undefined;
      if (name in own) return own[name as keyof WholeStore];
      const method = store[name as keyof WholeStore] as (...asked: unknown[]) => Promise<unknown>;
      const isWrite = !reads.has(name);
      return (...asked: unknown[]) =>
        calls.make(life, {
          port: 'store',
          what: `${name}${subjectOf(asked[0])}`,
          isWrite,
          async work() {
            const answer = await method(...asked);
            if (isWrite) await watch(life, name, asked, answer);
            return answer;
          },
          failure: () => new ProblemError(unreachable),
        });
    },
  });
}

const unreachable = problem(
  'outside_unavailable',
  'Greenlight cannot use its database now, so nothing was changed.',
  'Try again in a minute.',
  { detail: 'simulated: the connection was lost', isTransient: true },
);

/** For the story: what it is about. */
function subjectOf(asked: unknown): string {
  if (typeof asked === 'string') return ` ${asked}`;
  if (typeof asked !== 'object' || asked === null) return '';
  if ('requestId' in asked) return ` ${asked.requestId}`;
  return '';
}
