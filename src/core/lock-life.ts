/**
 * How a request comes to its lock and loses it again: the events, their fold, and what may happen next. The store keeps
 * a row for as long as `heldLock` gives one, and another for as long as there is a `queue`.
 */
import { hourMs, minuteMs, secondMs } from './duration.ts';
import type { Moment } from './ids.ts';
import type { Lock, LockOrder, LockStanding } from './lock.ts';
import { lockGone, notYourLock } from './lock-words.ts';
import { isSamePerson, type Person } from './person.ts';
import { ok, problem, type Result, refuse } from './problem.ts';
import { isEnded, type PlatformRequest, type RequestEvent } from './request.ts';

/** `by` is nobody when its time was over. */
export type LockEnd = { readonly how: 'released' | 'expired' | 'stolen'; readonly by?: Person };

export type LockEvent = {
  readonly at: Moment;
} /** What it needs is not free; the store says behind whom, in the same transaction. */ & (
  | ({ readonly type: 'lock_queued'; readonly order: LockOrder } & LockStanding)
  | ({ readonly type: 'lock_ended' } & LockEnd)
  | { readonly type: 'lock_handed_over'; readonly by: Person; readonly to: Person }
  /** The holder was reminded that nothing happens under it; `idleSince`: since when. */
  | { readonly type: 'lock_idle'; readonly idleSince: Moment }
  | { readonly type: 'lock_kept'; readonly by: Person }
);

/** What one request may do to the lock of another. */
export type LockChange =
  | { readonly type: 'end_lock'; readonly how: 'released' | 'stolen' }
  | { readonly type: 'hand_lock_over'; readonly to: Person };

export interface LockQueue extends LockStanding {
  readonly order: LockOrder;
  readonly since: Moment;
}

/** The lock that a request took, and what became of it. */
export interface TakenLock extends Lock {
  readonly end?: LockEnd & { readonly at: Moment };
  /** When it was last seen in use, or its holder said to keep it. */
  readonly activeAt: Moment;
  /** How often in a row the holder was reminded. */
  readonly reminders: number;
}

export type LockCommand =
  | { readonly type: 'queue'; readonly order: LockOrder; readonly standing: LockStanding }
  | ({ readonly type: 'end_lock' } & LockEnd)
  | { readonly type: 'hand_lock_over'; readonly by: Person; readonly to: Person }
  | { readonly type: 'remind_of_lock'; readonly idleSince: Moment }
  | { readonly type: 'keep_lock'; readonly by: Person };

/** A person's lock under which nothing runs is asked about after this long, then after twice as long, and so on. */
export const idleAfterMs = hourMs;
/** A lock that cannot be read is looked at again after this long: nobody says when it was mended. */
export const unreadableRetryMs = 30 * secondMs;
/** Nobody needs a part of production for themselves for longer without being asked again. */
export const lockMaxMs = 7 * 24 * hourMs;
export const lockMinMs = 5 * minuteMs;

/** What the request holds at this moment, as its events say. */
export function heldLock({ lock, status }: PlatformRequest): TakenLock | undefined {
  if (!lock || lock.end) return undefined;
  if (status === 'running' || status === 'undoing') return lock;
  return lock.kind === 'person' && status === 'succeeded' ? lock : undefined;
}

/** When the holder is next reminded, or it ends. */
export function lockDueAt({ until, activeAt, reminders }: TakenLock): Moment {
  return Math.min(until ?? Number.POSITIVE_INFINITY, activeAt + idleAfterMs * 2 ** reminders);
}

export function advanceLock(
  request: PlatformRequest,
  command: LockCommand,
  now: Moment,
): Result<readonly RequestEvent[]> {
  if (command.type === 'queue') {
    const { order, standing } = command;
    return request.status === 'approved'
      ? ok([{ type: 'lock_queued', at: now, order, ...standing }])
      : refuse(movedOn(request));
  }
  const lock = heldLock(request);
  switch (command.type) {
    case 'end_lock': {
      const { type: _type, ...end } = command;
      // What has ended already needs no second end, however it came to the first.
      return ok(lock ? [{ type: 'lock_ended', at: now, ...end }] : []);
    }
    case 'hand_lock_over':
      if (!lock) return refuse(lockGone(request));
      return ok(
        isSamePerson(lock.holder, command.to)
          ? []
          : [{ type: 'lock_handed_over', at: now, by: command.by, to: command.to }],
      );
    case 'remind_of_lock':
      return ok(lock ? [{ type: 'lock_idle', at: now, idleSince: command.idleSince }] : []);
    case 'keep_lock':
      if (!lock) return refuse(lockGone(request));
      if (!isSamePerson(lock.holder, command.by)) return refuse(notYourLock(lock));
      return ok([{ type: 'lock_kept', at: now, by: command.by }]);
  }
}

export function applyLock(request: PlatformRequest, event: LockEvent): PlatformRequest {
  if (event.type === 'lock_queued') {
    const { dueAt: _dueAt, ...rest } = request;
    const { order, behind, place } = event;
    const since = request.queue?.since ?? event.at;
    const mayMend = behind.some((one) => one.kind === 'unreadable');
    return {
      ...rest,
      queue: { order, behind, place, since },
      ...(mayMend ? { dueAt: event.at + unreadableRetryMs } : {}),
    };
  }
  const { lock } = request;
  if (!lock) throw new Error(`${request.id} has no lock`);
  switch (event.type) {
    case 'lock_ended': {
      const { type: _type, at, ...end } = event;
      const { dueAt: _dueAt, ...rest } = request;
      const ended = { ...rest, lock: { ...lock, end: { ...end, at } } };
      // A run that has lost its lock has something to do at once, whatever it waits for: to stop.
      const steps = request.steps.map(({ retryAt: _retryAt, ...step }) => step);
      return isEnded(request) ? ended : { ...ended, steps, dueAt: at };
    }
    case 'lock_handed_over':
      return living(request, { ...lock, holder: event.to, activeAt: event.at, reminders: 0 });
    case 'lock_idle':
      return living(request, { ...lock, activeAt: event.idleSince, reminders: lock.reminders + 1 });
    case 'lock_kept':
      // Not from the start again: who keeps it for the third time knows that it is there.
      return living(request, { ...lock, activeAt: event.at });
  }
}

/** A person's lock lives on after the request that made it. */
export function livingOn(request: PlatformRequest): PlatformRequest {
  const lock = heldLock(request);
  return lock ? living(request, lock) : request;
}

function living(request: PlatformRequest, lock: TakenLock): PlatformRequest {
  return { ...request, lock, dueAt: lockDueAt(lock) };
}

export function taken(lock: Lock, at: Moment): TakenLock {
  return { ...lock, activeAt: at, reminders: 0 };
}

function movedOn({ id }: PlatformRequest) {
  return problem('conflict', `${id} has moved on meanwhile.`, `See \`/requests ${id}\` for where it stands.`);
}
