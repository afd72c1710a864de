/** What is said of locks: to whoever waited, to whoever lost one, and alone to whoever may have forgotten theirs. Pure. */
import type { Lock } from '../core/lock.ts';
import { keysText } from '../core/lock-words.ts';
import type { Notice } from '../core/ports.ts';
import { isEnded, type PlatformRequest } from '../core/request.ts';
import { actions, button, date, inline, mention, type SlackMessage, section } from './blocks.ts';
import type { CardContext } from './cards.ts';
import { askPhrase } from './phrases.ts';
import { capitalised } from './words.ts';

export const lockActions = { release: 'lock.release', keep: 'lock.keep' } as const;

export type LockNoticeKind = Extract<Notice['kind'], `lock_${string}`>;

export function lockNotice(
  kind: LockNoticeKind,
  request: PlatformRequest,
  { actions: known }: CardContext,
): SlackMessage {
  const { lock, requester } = request;
  const what = lock ? inline(keysText(lock.keys), 200) : 'your lock';
  switch (kind) {
    case 'lock_free': {
      const phrase = inline(askPhrase(known, request), 300);
      return said(`${mention(requester.id)}: ${what} is free; ${request.id} to ${phrase} goes on now.`);
    }
    case 'lock_handed_over':
      return said(
        `${mention(lock?.holder.id ?? requester.id)}: ${what} is yours now${lock ? reasonText(lock) : ''}.`,
      );
    case 'lock_ended':
      return said(`${mention(lock?.holder.id ?? requester.id)}: ${endText(request, what)}`);
    case 'lock_idle':
      return lock && !lock.end ? reminder(request, lock, what) : said(`${capitalised(what)} is free again.`);
  }
}

/** What was due while Slack was away, and is no longer so: its end is told by a notice of its own. What went on was free. */
export function isLockNewsPast(kind: Notice['kind'], request: PlatformRequest): boolean {
  if (kind === 'lock_free') return isEnded(request) && request.status !== 'succeeded';
  return kind === 'lock_handed_over' && request.lock?.end !== undefined;
}

/** To whoever keeps theirs. */
export function lockKept({ lock }: PlatformRequest): SlackMessage {
  const what = lock ? inline(keysText(lock.keys), 200) : 'The lock';
  const until = lock?.until === undefined ? '' : `, until ${date(lock.until)} at the latest`;
  return said(`${what} stays yours${until}.`);
}

function endText({ lock }: PlatformRequest, what: string): string {
  const by = lock?.end?.by;
  if (lock?.end?.how === 'stolen' && by) {
    return `${mention(by.id)} took your lock of ${what} away. Talk to each other before you change anything there.`;
  }
  return `your lock of ${what} has ended: its time is over. Take it again if you still need it: \`/lock\`.`;
}

/** Drawn when it is sent, and for the holder alone. */
function reminder(request: PlatformRequest, lock: Lock, what: string): SlackMessage {
  const until = lock.until === undefined ? '' : ` It ends by itself ${date(lock.until)}.`;
  const line = `You hold the lock of ${what}${reasonText(lock)}, and nothing of yours has run there for a while.${until}`;
  return {
    text: line,
    blocks: [
      section(line),
      actions([
        button({ label: 'Release it', action: lockActions.release, value: request.id, style: 'primary' }),
        button({ label: 'Keep it', action: lockActions.keep, value: request.id }),
      ]),
    ],
  };
}

function reasonText({ reason }: Lock): string {
  return ` (${inline(reason, 300)})`;
}

function said(line: string): SlackMessage {
  return { text: line, blocks: [section(line)] };
}
