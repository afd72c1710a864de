/**
 * What the inspector shows: every call that a box received and every envelope that it sent, newest last, in a
 * ring that forgets the oldest. Tokens never enter it.
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

export interface Journal {
  add(entry: Omit<JournalEntry, 'id'>): JournalEntry;
  /** Entries after `afterId`, oldest first. */
  since(afterId: number): readonly JournalEntry[];
  subscribe(listener: (entry: JournalEntry) => void): () => void;
  clear(): void;
}

/** Ours: with bodies of two kilobytes each, about as much memory as the page's own files. */
export const journalEntriesMax = 1_000;

export function createJournal(): Journal {
  let entries: JournalEntry[] = [];
  let lastId = 0;
  const listeners = new Set<(entry: JournalEntry) => void>();
  return {
    add(input) {
      const entry = { ...input, id: ++lastId };
      entries.push(entry);
      if (entries.length > journalEntriesMax) entries = entries.slice(-journalEntriesMax / 2);
      for (const listener of listeners) listener(entry);
      return entry;
    },
    since: (afterId) => entries.filter((entry) => entry.id > afterId),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      entries = [];
    },
  };
}
