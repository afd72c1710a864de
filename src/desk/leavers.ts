/**
 * People whose account was deactivated: what waits in their name is cancelled, since nobody is there to want it. What
 * runs goes on, and their answers to others count no more because standings are asked for anew at every count.
 */
import type { PersonId, RequestId } from '../core/ids.ts';
import { ok, problemFrom } from '../core/problem.ts';
import type { PlatformRequest, RequestStatus } from '../core/request.ts';
import { askersOf } from '../core/review-life.ts';
import type { DeskContext } from './context.ts';
import { write } from './write.ts';

const waitingStatuses: readonly RequestStatus[] = ['submitted', 'waiting', 'held', 'approved'];
/** Read at once: more would keep commands waiting meanwhile, and ten thousand fill 100 MB. */
const pageSize = 200;

/** Slack said that something about this account has changed, and it may be this. Gives how many were cancelled. */
export async function lookAfterLeaver(context: DeskContext, id: PersonId): Promise<number> {
  if (!(await hasLeft(context, id))) return 0;
  let cancelled = 0;
  for await (const page of waitingRequests(context)) cancelled += await cancelAll(context, page, id);
  return cancelled;
}

/**
 * Everybody in whose name something waits: for what Slack said while nobody listened. Gives how many were cancelled. It
 * takes minutes, and whoever leads no more ends it with the person that it is at.
 */
export async function lookAfterLeavers(
  context: DeskContext,
  isStopped: () => boolean = () => false,
): Promise<number> {
  const isGone = new Map<PersonId, boolean>();
  let cancelled = 0;
  for await (const page of waitingRequests(context)) {
    // One after the other: Slack allows some hundred such questions in a minute, and nobody waits for this one.
    for (const id of new Set(page.flatMap(idsOf))) {
      if (isStopped()) return cancelled;
      try {
        const isNow = isGone.get(id) ?? (await hasLeft(context, id));
        isGone.set(id, isNow);
        if (isNow) cancelled += await cancelAll(context, page, id);
      } catch (error) {
        isGone.set(id, false);
        context.log.warn(
          { person: id, problem: problemFrom(error) },
          'whether somebody has left is not known',
        );
      }
    }
  }
  return cancelled;
}

/** The newest first, a page at a time. */
async function* waitingRequests({ store }: DeskContext): AsyncGenerator<readonly PlatformRequest[]> {
  let before: RequestId | undefined;
  for (;;) {
    const query = { statuses: waitingStatuses, limit: pageSize };
    const page = await store.list(before === undefined ? query : { ...query, before });
    yield page;
    before = page.at(-1)?.id;
    if (page.length < pageSize) return;
  }
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
  page: readonly PlatformRequest[],
  person: PersonId,
): Promise<number> {
  let cancelled = 0;
  for (const { id } of page.filter((one) => idsOf(one).includes(person))) {
    const written = await write(context, id, () => ok({ commands: [{ type: 'asker_left' }] }));
    if (!written.ok || written.value.status !== 'cancelled') continue;
    cancelled++;
    context.log.warn({ request: id, person }, 'cancelled: the account of whoever asked was deactivated');
  }
  return cancelled;
}
