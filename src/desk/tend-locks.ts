/** What time does to locks: a run that has lost its own stops, a person's is asked about when idle, and ends. */
import type { RequestCommand } from '../core/advance.ts';
import { dayMs } from '../core/duration.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import { anyOverlap } from '../core/lock-key.ts';
import { heldLock, lockDueAt, type TakenLock } from '../core/lock-life.ts';
import { lockLost, lockUnreadable } from '../core/lock-words.ts';
import { ok, type Problem, type Result } from '../core/problem.ts';
import { isEnded, type PlatformRequest } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import type { DeskContext } from './context.ts';
import { write } from './write.ts';

/**
 * Why this run must not go on: its lock was stolen, or cannot be read. Asked before each attempt of a step. Of what slips
 * through between this look and the effect, the fence stops what a cluster is told to change, at the cluster itself. A
 * workflow's start and a merge cannot carry one: right before them the newest deployment's fence is looked at, and only
 * the moment of the call itself is left.
 */
export async function lockProblem(
  context: DeskContext,
  { id, lock }: PlatformRequest,
): Promise<Problem | undefined> {
  if (!lock) return undefined;
  const { held } = await context.store.locks();
  const own = held.find(({ requestId }) => requestId === id);
  if (own?.kind === 'unreadable') return lockUnreadable(lock.keys);
  if (own && own.fence === lock.fence) return undefined;
  const other = held.find((one) => one.kind !== 'unreadable' && anyOverlap(one.keys, lock.keys));
  return lockLost(lock, other?.kind === 'unreadable' ? undefined : other);
}

/** More requests of one person than this within the life of a lock are counted as this many. */
const runsLookedAtMax = 200;

/**
 * Ends a person's lock whose time is over, or reminds its holder that nothing happens under it.
 * @returns when to look again, when the request itself does not say it.
 */
export async function tendLock(
  context: DeskContext,
  id: RequestId,
  claim: Claim,
): Promise<Result<Moment | undefined>> {
  let again: Moment | undefined;
  const tended = await write(
    context,
    id,
    async (request) => {
      again = undefined;
      const lock = heldLock(request);
      const now = context.clock.now();
      if (!lock || lockDueAt(lock) > now) return ok({ commands: [] });
      if (lock.until !== undefined && lock.until <= now) {
        return ok({ commands: [{ type: 'end_lock', how: 'expired' }] });
      }
      const idleSince = await lastRunUnder(context, lock, now);
      const due = lockDueAt({ ...lock, activeAt: idleSince });
      if (due > now) {
        again = due;
        return ok({ commands: [] });
      }
      const remind: RequestCommand = { type: 'remind_of_lock', idleSince };
      return ok({ commands: [remind] });
    },
    claim,
  );
  return tended.ok ? ok(again) : tended;
}

/** When the holder last ran something that the lock covers; since the lock was last known to be in use, at least. */
async function lastRunUnder(context: DeskContext, lock: TakenLock, now: Moment): Promise<Moment> {
  const asked = await context.store.list({
    requester: lock.holder.id,
    // What was asked for shortly before may have run since.
    since: lock.since - dayMs,
    limit: runsLookedAtMax,
  });
  const ends = asked.flatMap((request) => {
    const run = request.lock;
    if (run?.kind !== 'run' || !anyOverlap(run.keys, lock.keys)) return [];
    return [isEnded(request) ? (request.endedAt ?? run.since) : now];
  });
  return Math.max(lock.activeAt, ...ends);
}
