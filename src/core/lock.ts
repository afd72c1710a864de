/**
 * Locks: who has a part of the catalog for themselves. A run has what it changes until it ends; a person keeps what
 * they asked for until they let it go or its time is over. Which request holds what follows from its events; here is
 * who stands in whose way.
 */
import type { RequestId } from './ids.ts';
import type { LockKey } from './lock-key.ts';

/** What an action needs to have for itself before its first step. All of it or nothing. */
export interface LockNeed {
  readonly keys: readonly LockKey[];
  /** A person's own lock: not let go at the end of the run. */
  readonly kept?: { readonly reason: string; readonly forMs: number };
  /** Taken away from these requests. */
  readonly over?: readonly RequestId[];
}
