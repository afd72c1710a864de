/**
 * What time alone has brought: hundreds at once, when their hour comes, and nobody looks at a card for it, as whoever has
 * just clicked does. In chat it lets all else go before it (slack/outbox-queues.ts).
 */
import type { Notice } from './ports.ts';
import type { EventType, RequestEvent } from './request.ts';

const events: ReadonlySet<EventType> = new Set([
  ...(['asked', 'reminded', 'escalated', 'reviews_lapsed', 'expired', 'lock_idle'] as const),
  ...(['end_announced', 'slept', 'woken', 'gone', 'repriced', 'used'] as const),
]);

const notices: ReadonlySet<Notice['kind']> = new Set(['reminder', 'ending', 'gone', 'lock_idle']);

export function isEventByTime({ type }: RequestEvent): boolean {
  return events.has(type);
}

export function isNoticeByTime(kind: Notice['kind']): boolean {
  return notices.has(kind);
}
