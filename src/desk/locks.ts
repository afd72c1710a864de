/** Locks at the desk: what a request needs, what stands in its way now, and what became of those that others hold. */
import type { Outputs } from '../core/action.ts';
import type { RequestCommand } from '../core/advance.ts';
import { type LockFacts, noLock } from '../core/facts.ts';
import type { RequestId } from '../core/ids.ts';
import {
  type Lock,
  type LockAsk,
  type LockNeed,
  type LockStanding,
  type Obstacle,
  standingOf,
} from '../core/lock.ts';
import { anyOverlap, environmentLockKey, isEnvironmentLock, lockKeyOf } from '../core/lock-key.ts';
import { isSamePerson, type Person } from '../core/person.ts';
import { ok, problemFrom, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import type { DeskContext } from './context.ts';
import type { Subject } from './gather-facts.ts';
import { unknownRequest, write } from './write.ts';

/** What it must have for itself before it starts; `undefined` when that is nothing. */
export function lockNeed(subject: Pick<Subject, 'action' | 'input' | 'target'>): LockNeed | undefined {
  const { action, input, target } = subject;
  if (action.effect === 'read') return undefined;
  if (action.locks) return action.locks(input as never, target);
  // Two hands at once would leave it as neither wanted it: half asleep, or with the rights of two teams.
  if (target.kind === 'environment' && action.effect !== 'create')
    return { keys: [environmentLockKey(target.name)] };
  const { environment } = input;
  if (target.kind !== 'service' || !target.service || typeof environment !== 'string') return undefined;
  return { keys: [lockKeyOf(target.service.name, environment)] };
}

/** What stands in its way at this moment. */
export async function obstacles(context: DeskContext, subject: Subject): Promise<readonly Obstacle[]> {
  const need = lockNeed(subject);
  if (!need) return [];
  return standingOf(askOf(subject, need), await context.store.locks()).behind;
}

/** The same for a request that was let through, so that nobody is told that it runs while it cannot. */
export async function obstaclesOf(
  context: DeskContext,
  { id, status, action: actionName, input, target, requester }: PlatformRequest,
): Promise<readonly Obstacle[]> {
  const action = context.actions.get(actionName);
  if (status !== 'approved' || !action) return [];
  return obstacles(context, { id, actionName, action, input, target, requester });
}

function askOf(subject: Subject, need: LockNeed): LockAsk {
  const { id, requester } = subject;
  return {
    ...(id === undefined ? {} : { requestId: id }),
    keys: need.keys,
    kind: need.kept ? 'person' : 'run',
    holder: requester,
    over: need.over ?? [],
  };
}

/** The lock to start with, or what is to be written while it waits: nothing when that is known already. */
export async function lockToStart(
  context: DeskContext,
  request: PlatformRequest,
  subject: Subject,
): Promise<{ readonly lock?: Lock; readonly wait?: readonly RequestCommand[] }> {
  const need = lockNeed(subject);
  if (!need) return {};
  const order = { ...askOf(subject, need), requestId: request.id };
  const standing = standingOf(order, await context.store.locks());
  if (standing.behind.length > 0) {
    // Only a queue that has one says when it is looked at again.
    const isKnown = hasUnreadable(standing) && request.queue !== undefined && hasUnreadable(request.queue);
    return { wait: isKnown ? [] : [{ type: 'queue', order, standing }] };
  }
  const since = context.clock.now();
  return {
    lock: {
      ...order,
      fence: 0,
      reason: need.kept?.reason ?? request.preview?.sentence ?? request.action,
      since,
      ...(need.kept ? { until: since + need.kept.forMs } : {}),
    },
  };
}

const hasUnreadable = ({ behind }: LockStanding) => behind.some(({ kind }) => kind === 'unreadable');

/** Tells the requests whose locks these were; what has ended already stays as it is. */
export async function changeLocks(
  context: DeskContext,
  by: RequestId,
  changes: Outputs['lockChanges'],
  claim: Claim,
): Promise<Result<unknown>> {
  if (!changes || changes.length === 0) return ok(undefined);
  const asked = await context.store.load(by);
  if (!asked) return refuse(unknownRequest(by));
  for (const { requestId, change } of changes) {
    const command: RequestCommand = { ...change, by: asked.requester };
    const changed = await write(context, requestId, () => ok({ commands: [command] }), claim);
    if (!changed.ok) return changed;
  }
  return ok(undefined);
}

/** Of a theft that does not come to the end at which it would say so itself. */
export async function tellOfTheft(
  context: DeskContext,
  id: RequestId,
  claim: Claim,
): Promise<Result<unknown>> {
  const over = (await context.store.load(id))?.lock?.over ?? [];
  const end = { type: 'end_lock', how: 'stolen' } as const;
  const changes = over.map((requestId) => ({ requestId, change: end }));
  try {
    return await changeLocks(context, id, changes, claim);
  } catch (error) {
    return refuse(problemFrom(error));
  }
}

/** By its holder alone; whoever else clicks is told whose it is. */
export function keepLock(context: DeskContext, id: RequestId, by: Person): Promise<Result<PlatformRequest>> {
  return write(context, id, () => ok({ commands: [{ type: 'keep_lock', by }] }));
}

/** What the guardrails may know of it; `unknown` when a lock that is in the way cannot be read. */
export async function lockFacts(context: DeskContext, subject: Subject): Promise<LockFacts | 'unknown'> {
  const need = lockNeed(subject);
  if (!need) return noLock;
  const { held } = await context.store.locks();
  const found = held.filter(({ keys }) => anyOverlap(keys, need.keys));
  if (found.some(({ kind }) => kind === 'unreadable')) return 'unknown';
  const locks = found.flatMap((lock) => (lock.kind === 'person' ? [lock] : []));
  if (isEnvironmentLock(need.keys)) return noLock;
  // Somebody else's says more than one's own.
  const lock = locks.find(({ holder }) => !isSamePerson(holder, subject.requester)) ?? locks[0];
  if (!lock) return noLock;
  return {
    heldBy: lock.holder.email ?? lock.holder.id,
    isOwn: isSamePerson(lock.holder, subject.requester),
    isGlobal: lock.keys.some((key) => key === '*'),
  };
}
