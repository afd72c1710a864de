/** What people read of locks. Plain text: whoever draws it escapes it. */
import type { Lock, Obstacle } from './lock.ts';
import { type LockKey, lockKeyText } from './lock-key.ts';
import { type Problem, problem } from './problem.ts';
import type { PlatformRequest } from './request.ts';
import { listOf } from './text.ts';

export function keysText(keys: readonly LockKey[]): string {
  return listOf(keys.map(lockKeyText));
}

/** `payments in staging is locked by Sam Okoye: incident 42`, without a full stop. */
export function obstacleText({ kind, holder, reason, requestId, keys }: Obstacle): string {
  switch (kind) {
    case 'unreadable':
      return `the lock of ${keysText(keys)} (${requestId}) cannot be read`;
    case 'person':
      return `${keysText(keys)} is locked by ${holder}: ${reason.replace(/\.$/, '')}`;
    case 'run':
      return `${requestId} by ${holder} is changing ${keysText(keys)}`;
    case 'waiting':
      return `${requestId} by ${holder} came before`;
  }
}

/** What whoever waits can do about it. */
export function obstacleNext(behind: readonly Obstacle[]): string {
  if (behind.some(({ kind }) => kind === 'unreadable')) {
    return 'Nothing starts there until the platform team has mended it in the database (tables locks and lock_waits).';
  }
  const person = behind.find(({ kind }) => kind === 'person');
  if (person) return `It goes on by itself then; to be quicker, ask ${person.holder} to release it.`;
  return 'It goes on by itself then.';
}

/** Why a run must stop. `now`: who holds it instead, when somebody does. */
export function lockLost({ keys }: Lock, now: Lock | undefined): Problem {
  const who = now ? ` It is held by ${now.holder.name} now: ${now.reason}` : '';
  return problem(
    'lock_lost',
    `The lock of ${keysText(keys)} was taken away while this ran.${who}`,
    'Look at what runs there now, and ask again when it is free: `/lock`.',
  );
}

export function lockUnreadable(keys: readonly LockKey[]): Problem {
  return problem(
    'internal',
    `The lock of ${keysText(keys)} cannot be read, so nothing is changed there.`,
    'Tell the platform team: the tables locks and lock_waits of the database need a look.',
    { isTransient: true },
  );
}

export function lockGone({ id, lock }: Pick<PlatformRequest, 'id' | 'lock'>): Problem {
  const what = lock ? ` of ${keysText(lock.keys)}` : '';
  return problem('not_found', `The lock${what} (${id}) has ended.`, 'See who holds what: `/lock`.');
}

export function notYourLock({ holder, keys }: Pick<Lock, 'holder' | 'keys'>): Problem {
  return problem(
    'not_yours',
    `${keysText(keys)} is locked by ${holder.name}, not by you.`,
    'Ask them to release it or to hand it over; in need, steal it: `/lock steal`.',
  );
}
