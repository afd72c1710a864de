/** When events happened, whichever API wrote them. Pure. */
import type { Moment } from '../../core/ids.ts';
import type { EventObject } from './shapes.ts';

/** When an event was last seen, in milliseconds; 0 when it does not say. Old and new event APIs fill other fields. */
export function seenAt(event: EventObject): Moment {
  const said =
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp;
  const at = Date.parse(said ?? '');
  return Number.isNaN(at) ? 0 : at;
}

/** The one that was seen last. */
export function newest(events: readonly EventObject[]): EventObject | undefined {
  return events.reduce<EventObject | undefined>(
    (best, event) => (best === undefined || seenAt(event) > seenAt(best) ? event : best),
    undefined,
  );
}
