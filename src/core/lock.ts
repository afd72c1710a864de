/**
 * Locks: who has a part of the catalog for themselves. A run has what it changes until it ends; a person keeps what
 * they asked for until they let it go or its time is over. Which request holds what follows from its events; here is
 * who stands in whose way.
 */
import type { Moment, RequestId } from './ids.ts';
import { anyOverlap, isEnvironmentLock, type LockKey } from './lock-key.ts';
import { isSamePerson, type Person } from './person.ts';

/** What an action needs to have for itself before its first step. All of it or nothing. */
export interface LockNeed {
  readonly keys: readonly LockKey[];
  /** A person's own lock: not let go at the end of the run. */
  readonly kept?: { readonly reason: string; readonly forMs: number };
  /** Taken away from these requests. */
  readonly over?: readonly RequestId[];
}

/** Who wants what; without a number while it is only thought of. */
export interface LockAsk {
  readonly requestId?: RequestId;
  readonly keys: readonly LockKey[];
  /** A `person` keeps it; a `run` has it until it ends. */
  readonly kind: 'person' | 'run';
  readonly holder: Person;
  readonly over: readonly RequestId[];
}

export interface LockOrder extends LockAsk {
  readonly requestId: RequestId;
}

export interface Lock extends LockOrder {
  /** Higher than that of any taking before; 0 until the store has given it. */
  readonly fence: number;
  /** What for, in the holder's words, or what the run does. */
  readonly reason: string;
  readonly since: Moment;
  /** When a person's lock ends by itself. */
  readonly until?: Moment;
}

/** A row that cannot be read. It stands in everybody's way: nobody knows whose it is. */
export interface UnreadableLock {
  readonly kind: 'unreadable';
  readonly requestId: RequestId;
  /** Everything, when not even that can be read. */
  readonly keys: readonly LockKey[];
}

export interface LockWait extends LockOrder {
  /** Grows with the time of coming: a smaller one was there before. */
  readonly place: number;
  readonly since: Moment;
}

/** All that is held and waited for. */
export interface LockTable {
  readonly held: readonly (Lock | UnreadableLock)[];
  readonly waiting: readonly (LockWait | UnreadableLock)[];
}

/** What stands in an order's way, as it was seen. */
export interface Obstacle {
  readonly requestId: RequestId;
  /** `waiting`: came before and waits too. */
  readonly kind: 'person' | 'run' | 'waiting' | 'unreadable';
  /** The part of it that is in the way. */
  readonly keys: readonly LockKey[];
  readonly holder: string;
  readonly reason: string;
  readonly since?: Moment;
  readonly until?: Moment;
}

export interface LockStanding {
  /** Free when there is none. What is held comes first, then who came before. */
  readonly behind: readonly Obstacle[];
  /** 1 for whoever goes next. */
  readonly place: number;
}

export function standingOf(order: LockAsk, { held, waiting }: LockTable): LockStanding {
  const inTheWay = held.filter((lock) => isInTheWay(lock, order));
  const own = waiting.find((one) => one.requestId === order.requestId);
  const isBefore = (one: LockWait) => own === undefined || own.kind === 'unreadable' || one.place < own.place;
  const earlier = waiting.filter((one) =>
    one.kind === 'unreadable'
      ? isInTheWay(one, order)
      : isBefore(one) && isInTheWay(one, order) && !goesFirst(order, one, held),
  );
  return {
    behind: [...inTheWay, ...earlier].map((one) => obstacleOf(one, order)),
    place: 1 + earlier.length,
  };
}

/** The keys of an order that another's lock has too. */
function isInTheWay(other: LockOrder | UnreadableLock, order: LockAsk): boolean {
  if (other.requestId === order.requestId || order.over.includes(other.requestId)) return false;
  if (!anyOverlap(other.keys, order.keys)) return false;
  if (other.kind === 'unreadable') return true;
  if (other.kind === 'person' && isEnvironmentLock(order.keys)) return false;
  const isOwn = isSamePerson(other.holder, order.holder);
  // What the catalog promises by itself (the way back from a failed deploy) stops only when everything does.
  if (order.holder.kind === 'system' && other.kind === 'person') return isGlobal(other);
  // Two runs at once are what locks are for, also when one person started both.
  if (other.kind === 'run' && order.kind === 'run') return true;
  // In an emergency everything stops at once: what runs ends, and whoever holds a part keeps it.
  if (isGlobal(order) && !isGlobal(other)) return false;
  return !isOwn;
}

function isGlobal({ kind, keys }: Pick<LockAsk, 'kind' | 'keys'>): boolean {
  return kind === 'person' && keys.some((key) => key === '*');
}

/**
 * Whoever takes a lock away, or holds the one that the other waits for, does not stand behind the other: it would be
 * waiting for itself. Nor does the way back of a deploy that has just failed.
 */
function goesFirst(order: LockAsk, other: LockOrder, held: LockTable['held']): boolean {
  if (order.over.length > 0 || order.holder.kind === 'system') return true;
  return held.some(
    (lock) => lock.kind === 'person' && isSamePerson(lock.holder, order.holder) && isInTheWay(lock, other),
  );
}

function obstacleOf(lock: Lock | LockWait | UnreadableLock, order: LockAsk): Obstacle {
  const { requestId } = lock;
  const keys = lock.keys.filter((key) => anyOverlap([key], order.keys));
  if (lock.kind === 'unreadable') return { requestId, kind: 'unreadable', keys, holder: '', reason: '' };
  const { holder, since } = lock;
  if ('place' in lock) return { requestId, kind: 'waiting', keys, holder: holder.name, reason: '', since };
  const { kind, reason, until } = lock;
  const known = { requestId, kind, keys, holder: holder.name, reason, since };
  return until === undefined ? known : { ...known, until };
}
