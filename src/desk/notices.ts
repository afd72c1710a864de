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
  // Named by the version that it speaks of: what waits once more (a reviewer has left) is asked for once more.
  return [
    ...(after.status === 'waiting' && before.status !== 'waiting' && !hasMoved
      ? [notice('waiting', `waiting:${after.version}`)]
      : []),
    ...(hasMoved && !isEnded(after) ? [notice('moved', `moved:${after.version}`)] : []),
    // Named by the end that it speaks of: an end that was moved is announced anew.
    ...events.flatMap((event) =>
      event.type === 'end_announced' ? [notice('ending', `ending:${event.end}`)] : [],
    ),
    ...events.flatMap((event) =>
      event.type === 'glass_broken' || event.type === 'glass_reviewed'
        ? [notice(event.type, event.type)]
        : [],
    ),
    ...(events.some((event) => event.type === 'gone') ? [notice('gone', 'gone')] : []),
    ...events.flatMap((event) =>
      lockNotices(before, after, event).map((kind) => notice(kind, `${kind}:${after.version}`)),
    ),
    ...(isEnded(after) && !isEnded(before) ? [notice('ended', 'ended')] : []),
  ];
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
