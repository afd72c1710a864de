/**
 * What the inspector shows: every call that a box received and every envelope that it sent, newest last, in a
 * ring that forgets the oldest. Nobody is shown a token.
 */
import type { BoxName } from './faults.ts';

export interface JournalEntry {
  readonly id: number;
  readonly at: number;
  readonly box: BoxName;
  /** `call`: somebody called the box. `envelope`: the box delivered something to the app. */
  readonly kind: 'call' | 'envelope';
  /** A Slack method, `envelope:<type>`, or `<METHOD> <path>`. */
  readonly operation: string;
  /** HTTP status, or for an envelope `acked` / `unacked` / `refused`. */
  readonly outcome: string;
  readonly tookMs: number;
  readonly request?: unknown;
  readonly response?: unknown;
  /** The kind of the fault that hit it. */
  readonly fault?: string;
}

/** What was said in it. */
export type JournalBodies = Pick<JournalEntry, 'request' | 'response'>;

export interface Journal {
  /** @param bodies read when somebody looks: nobody looks at most calls. */
  add(entry: Omit<JournalEntry, 'id'>, bodies?: () => JournalBodies): void;
  /** Entries after `afterId`, oldest first. */
  since(afterId: number): readonly JournalEntry[];
  subscribe(listener: (entry: JournalEntry) => void): () => void;
  clear(): void;
}

/** Ours: with bodies of two kilobytes each, about as much memory as the page's own files. */
export const journalEntriesMax = 1_000;

export function createJournal(): Journal {
  let kept: Kept[] = [];
  let lastId = 0;
  const listeners = new Set<(entry: JournalEntry) => void>();
  return {
    add(input, bodies) {
      const one: Kept = { entry: { ...input, id: ++lastId }, bodies };
      kept.push(one);
      if (kept.length > journalEntriesMax) kept = kept.slice(-journalEntriesMax / 2);
      for (const listener of listeners) listener(whole(one));
    },
    since: (afterId) => kept.filter(({ entry }) => entry.id > afterId).map(whole),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      kept = [];
    },
  };
}

interface Kept {
  entry: JournalEntry;
  /** Until they were read. */
  bodies: (() => JournalBodies) | undefined;
}

function whole(one: Kept): JournalEntry {
  if (one.bodies) one.entry = { ...one.entry, ...one.bodies() };
  one.bodies = undefined;
  return one.entry;
}
