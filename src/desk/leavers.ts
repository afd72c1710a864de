/**
 * People whose account was deactivated: what waits in their name is cancelled, since nobody is there to want it. What
 * runs goes on, and their answers to others count no more because standings are asked for anew at every count.
 */
import type { PersonId } from '../core/ids.ts';
import { ok, problemFrom } from '../core/problem.ts';
import type { PlatformRequest, RequestStatus } from '../core/request.ts';
import { askersOf } from '../core/review-life.ts';
import type { DeskContext } from './context.ts';
import { write } from './write.ts';

const waitingStatuses: readonly RequestStatus[] = ['submitted', 'waiting', 'held', 'approved'];
/** More requests than this do not wait at once. */
const waitingMax = 10_000;

/** Slack said that something about this account has changed, and it may be this. Gives how many were cancelled. */
export async function lookAfterLeaver(context: DeskContext, id: PersonId): Promise<number> {
  if (!(await hasLeft(context, id))) return 0;
  const theirs = (await waitingRequests(context)).filter((one) => idsOf(one).includes(id));
  return cancelAll(context, theirs, id);
}

/** Everybody in whose name something waits: for what Slack said while nobody listened. Gives how many were cancelled. */
export async function lookAfterLeavers(context: DeskContext): Promise<number> {
  const waiting = await waitingRequests(context);
  let cancelled = 0;
  // One after the other: Slack allows some hundred such questions in a minute, and nobody waits for this one.
  for (const id of new Set(waiting.flatMap(idsOf))) {
    try {
      if (!(await hasLeft(context, id))) continue;
      cancelled += await cancelAll(
        context,
        waiting.filter((one) => idsOf(one).includes(id)),
        id,
      );
    } catch (error) {
      context.log.warn({ person: id, problem: problemFrom(error) }, 'whether somebody has left is not known');
    }
  }
  return cancelled;
}

function waitingRequests({ store }: DeskContext): Promise<readonly PlatformRequest[]> {
  return store.list({ statuses: waitingStatuses, limit: waitingMax });
}

function idsOf(request: PlatformRequest): readonly PersonId[] {
  return askersOf(request).flatMap(({ id, kind }) => (kind === 'system' ? [] : [id]));
}

/** @throws ProblemError when Slack cannot tell: then nobody has left. */
async function hasLeft({ directory }: DeskContext, id: PersonId): Promise<boolean> {
  try {
    return (await directory.person(id)).kind === 'deactivated';
  } catch (error) {
    if (problemFrom(error).code === 'not_found') return true;
    throw error;
  }
}

async function cancelAll(
  context: DeskContext,
  requests: readonly PlatformRequest[],
  person: PersonId,
): Promise<number> {
  let cancelled = 0;
  for (const { id } of requests) {
    const written = await write(context, id, () => ok({ commands: [{ type: 'asker_left' }] }));
    if (!written.ok || written.value.status !== 'cancelled') continue;
    cancelled++;
    context.log.warn({ request: id, person }, 'cancelled: the account of whoever asked was deactivated');
  }
  return cancelled;
}
