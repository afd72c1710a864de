/** Which events are worth a mention: once per thing that somebody must do or was waiting for. */

import { apply } from '../core/fold.ts';
import type { Notice } from '../core/ports.ts';
import { isEnded, type PlatformRequest, type RequestEvent } from '../core/request.ts';

export function noticesFor(before: PlatformRequest, events: readonly RequestEvent[]): Notice[] {
  const after = events.reduce(apply, before);
  if (!after.isShown) return [];
  const notice = (kind: Notice['kind'], key: string): Notice => ({
    key: `${after.id}:${key}`,
    kind,
    requestId: after.id,
  });
  const hasMoved = events.some((event) => event.type === 'moved');
  return [
    ...events.flatMap((event, index) =>
      roundNotices(after, event).map((kind) => notice(kind, `${kind}:${before.version + index + 1}`)),
    ),
    // What waits on is said when somebody is asked anew.
    ...(hasMoved && after.status !== 'waiting' && !isEnded(after)
      ? [notice('moved', `moved:${after.version}`)]
      : []),
    // Named by the end that it speaks of: an end that was moved is announced anew.
    ...events.flatMap((event) =>
      event.type === 'end_announced' ? [notice('ending', `ending:${event.end}`)] : [],
    ),
    ...events.flatMap((event) =>
      event.type === 'glass_broken' || event.type === 'glass_reviewed'
        ? [notice(event.type, event.type)]
        : [],
    ),
    ...events.flatMap((event) =>
      reviewNotices(after, event).map((kind) => notice(kind, `${kind}:${after.version}`)),
    ),
    ...events.flatMap((event, index) => {
      const isNews = event.type === 'stalled' || (event.type === 'resumed' && !isEnded(after));
      return isNews ? [notice(event.type, `${event.type}:${before.version + index + 1}`)] : [];
    }),
    ...(events.some((event) => event.type === 'gone') ? [notice('gone', 'gone')] : []),
    ...events.flatMap((event) =>
      lockNotices(before, after, event).map((kind) => notice(kind, `${kind}:${after.version}`)),
    ),
    ...(isEnded(after) && !isEnded(before) ? [notice('ended', 'ended')] : []),
  ];
}

/** Named by the version that mentions them: the round that a line speaks of is found by it. */
function roundNotices({ moves }: PlatformRequest, event: RequestEvent): Notice['kind'][] {
  switch (event.type) {
    case 'asked':
      return [moves > 0 ? 'moved' : 'waiting'];
    case 'reminded':
      return ['reminder'];
    default:
      return [];
  }
}

/** Whoever has given no answer yet is mentioned by being asked; an edit that makes none void is on the card. */
function reviewNotices({ voided = [] }: PlatformRequest, event: RequestEvent): Notice['kind'][] {
  switch (event.type) {
    case 'reviewed':
      return event.review.decision === 'request_changes' ? ['changes_asked'] : [];
    case 'edited':
      return voided.length > 0 ? ['edited'] : [];
    case 'narrowed':
      return ['narrowed'];
    default:
      return [];
  }
}

/** Whoever does it themselves is not told; a run that lost its lock says so when it ends. */
function lockNotices(before: PlatformRequest, after: PlatformRequest, event: RequestEvent): Notice['kind'][] {
  switch (event.type) {
    case 'started':
      return before.queue ? ['lock_free'] : [];
    case 'lock_ended':
      return event.how !== 'released' && after.lock?.kind === 'person' ? ['lock_ended'] : [];
    case 'lock_handed_over':
    case 'lock_idle':
      return [event.type];
    default:
      return [];
  }
}
