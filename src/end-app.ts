/** How the bot ends: what in which order, and how long each may take. */

import { secondMs } from './core/duration.ts';
import type { Log, Scheduler } from './core/ports.ts';
import { endInOrder, type Stage } from './end-in-order.ts';

/** With the 5 s of preStop in deploy/greenlight.yml below the 30 s that Kubernetes gives a container to end. */
export const graceMs = 20 * secondMs;
/** Of it: for handlers and steps in flight, for the last cards, and for all else. What is left then goes on elsewhere. */
const shares = { work: 0.6, cards: 0.25, parts: 0.1, store: 0.05 } as const;

interface Closing {
  close(): unknown;
}
interface Stopping {
  stop(withinMs: number): unknown;
}

export interface EndingParts {
  readonly slack: Stopping;
  readonly runner: Stopping;
  readonly leader: Stopping;
  readonly report: Stopping | undefined;
  readonly editNews: Closing;
  readonly outbox: Stopping & { flush(): Promise<unknown> };
  readonly homes: Closing;
  readonly homeNews: Stopping;
  readonly trail: { settled(): Promise<unknown> };
  readonly audit: Stopping | undefined;
  readonly outside: Closing;
  readonly members: Closing;
  readonly documents: Closing;
  readonly time: Stopping | undefined;
  readonly store: Closing;
  readonly health: Closing | undefined;
}

/** Never throws. */
export async function endApp(
  parts: EndingParts,
  withinMs: number,
  tools: { readonly scheduler: Scheduler; readonly log: Log },
): Promise<void> {
  await endInOrder(stagesOf(parts, withinMs), tools);
}

function stagesOf(parts: EndingParts, withinMs: number): readonly Stage[] {
  return [
    {
      withinMs: withinMs * shares.work,
      parts: {
        'what came in': (ms) => parts.slack.stop(ms),
        'the runner': (ms) => parts.runner.stop(ms),
        'what the leader does': (ms) => parts.leader.stop(ms),
        'the weekly report': (ms) => parts.report?.stop(ms),
        'news for Homes': (ms) => parts.homeNews.stop(ms),
        'news of edits': () => parts.editNews.close(),
      },
    },
    {
      // What handlers and steps have changed at last is still to be seen.
      withinMs: withinMs * shares.cards,
      parts: { 'the last cards': () => parts.outbox.flush(), 'Home pages': () => parts.homes.close() },
    },
    {
      withinMs: withinMs * shares.parts,
      parts: {
        'the outbox': (ms) => parts.outbox.stop(ms),
        refusals: () => parts.trail.settled(),
        'the audit': (ms) => parts.audit?.stop(ms),
        'the outside': () => parts.outside.close(),
        groups: () => parts.members.close(),
        documents: () => parts.documents.close(),
        'the time': (ms) => parts.time?.stop(ms),
      },
    },
    {
      withinMs: withinMs * shares.store,
      parts: { 'the database': () => parts.store.close(), 'health checks': () => parts.health?.close() },
    },
  ];
}
