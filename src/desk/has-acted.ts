/** Whether somebody has done something about a request since a moment, or asked for something of their own. */
import type { Moment, PersonId, RequestId } from '../core/ids.ts';
import type { RequestEvent } from '../core/request.ts';
import type { Store } from '../core/store.ts';

export async function hasActedSince(
  store: Pick<Store, 'list' | 'history'>,
  by: PersonId,
  about: RequestId | undefined,
  since: Moment,
): Promise<boolean> {
  const asked = await store.list({ requester: by, since, limit: 1 });
  if (asked.length > 0) return true;
  const history = about === undefined ? [] : await store.history(about);
  return history.some(({ event }) => event.at >= since && isBy(event, by));
}

/** The same of one request, since it was at that version. */
export async function hasActedAfter(
  store: Pick<Store, 'history'>,
  by: PersonId,
  about: RequestId,
  version: number,
): Promise<boolean> {
  const history = await store.history(about);
  return history.some(({ event, seq }) => seq > version && isBy(event, by));
}

/** Whoever does something is named by `by`, or has signed a review. */
function isBy(event: RequestEvent, person: PersonId): boolean {
  if (event.type === 'reviewed') return event.review.by === person;
  if (!('by' in event)) return false;
  return (typeof event.by === 'object' ? event.by.id : event.by) === person;
}
