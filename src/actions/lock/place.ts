/** Which part of the catalog a lock is on, and who holds what of it. */
import type { ReadContext, Target } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import { parseDuration } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';
import type { Lock } from '../../core/lock.ts';
import { everything, type LockKey, lockKeyOf, lockKeyText } from '../../core/lock-key.ts';
import { notYourLock } from '../../core/lock-words.ts';
import { isSamePerson, type Person } from '../../core/person.ts';
import { ok, ProblemError, problem, type Result } from '../../core/problem.ts';
import { momentText } from '../../core/time-zone.ts';
import { serviceTarget } from '../service/place.ts';

export interface AskedPlace {
  readonly service: string;
  readonly environment?: string | undefined;
}

/** Everything is as careful a matter as production is. */
export function lockTarget(asked: AskedPlace, catalog: Catalog): Result<Target> {
  if (asked.service === everything)
    return ok({ kind: 'service', name: everything, tier: 'production', team: '' });
  return serviceTarget(asked, catalog);
}

export function keyOf({ service, environment }: AskedPlace): LockKey {
  return lockKeyOf(service, environment);
}

/** What follows the slash command to name it again. */
export function placeWords({ service, environment }: AskedPlace): string {
  return environment === undefined ? service : `${service} ${environment}`;
}

/** Locks that persons and runs hold; those that cannot be read are no locks that anybody could give back. */
export async function readableLocks(context: ReadContext): Promise<readonly Lock[]> {
  const { held } = await context.locks();
  return held.flatMap((lock) => (lock.kind === 'unreadable' ? [] : [lock]));
}

/** @throws ProblemError when it is somebody else's, or nobody's. */
export async function ownLock(asked: AskedPlace, context: ReadContext): Promise<Lock> {
  const key = keyOf(asked);
  const there = (await readableLocks(context)).filter(
    (lock) => lock.kind === 'person' && lock.keys.includes(key),
  );
  const own = there.find(({ holder }) => isSamePerson(holder, context.requester));
  if (own) return own;
  throw new ProblemError(there[0] ? notYourLock(there[0]) : nobodys(key));
}

export function untilText(forText: string, context: ReadContext): string {
  return timeText(context.now + forMs(forText), context);
}

export function forMs(text: string): number {
  return parseDuration(text) ?? 0;
}

/** As the person who asks reads time. */
export function timeText(
  at: Moment,
  { requester, catalog }: { readonly requester: Person; readonly catalog: Catalog },
): string {
  return momentText(at, requester.timeZone ?? catalog.zone);
}

function nobodys(key: LockKey) {
  return problem('not_found', `Nobody holds a lock of ${lockKeyText(key)}.`, 'See who holds what: `/lock`.');
}
