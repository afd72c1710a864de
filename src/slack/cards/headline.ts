/** The top of a card: one sentence that says it all, the title, and who, what, until when. */
import type { KnownBlock } from '@slack/types';
import { formatDuration, secondMs } from '../../core/duration.ts';
import { isOver } from '../../core/live-rules.ts';
import type { TakenLock } from '../../core/lock-life.ts';
import { isEnded, type PlatformRequest, type RequestStatus } from '../../core/request.ts';
import { fit } from '../../core/text.ts';
import { bold, context, date, escapeMrkdwn, inline, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { askPhrase, askTitle, statusWords } from '../phrases.ts';
import type { CardContext } from './context.ts';
import { placeText } from './queue.ts';
import { approvalsSoFar } from './requirement.ts';
import { runSoFar } from './run.ts';

/** The message's `text`: for screen readers, notifications and search. Escaped, since Slack reads it as mrkdwn. */
export function headlineSentence(request: PlatformRequest, context: CardContext): string {
  const asks = isEnded(request) ? 'asked' : 'asks';
  const phrase = askPhrase(context.actions, request);
  const sentence = `${request.requester.name} ${asks} to ${phrase}: ${standing(request, context)}`;
  return escapeMrkdwn(fit(sentence, maxOf('messageText') / 5));
}

export function headlineBlocks(request: PlatformRequest, cards: CardContext): KnownBlock[] {
  const title = bold(askTitle(cards.actions, request), 500);
  return [
    section(`${title}\n${request.id} · ${signOf(request)} ${inline(standing(request, cards))}`),
    context(
      [`Asked by ${inline(request.requester.name, 200)}`, targetText(request), ...times(request)].join(' · '),
    ),
  ];
}

function signOf({ lock, status }: PlatformRequest): string {
  return lock?.kind === 'person' && lock.end ? '⚪' : signs[status];
}

/** Beside the word, never instead of it: found at a glance in a channel full of cards. */
const signs: Readonly<Record<RequestStatus, string>> = {
  submitted: '⚪',
  waiting: '🟡',
  held: '🟡',
  approved: '🔵',
  running: '🔵',
  undoing: '🟠',
  succeeded: '🟢',
  failed: '🔴',
  denied: '🔴',
  cancelled: '⚪',
  expired: '⚪',
};

function targetText({ target }: PlatformRequest): string {
  const name = inline(target.name, 200);
  return target.name.includes(target.tier) ? name : `${name} (${target.tier})`;
}

/** Where it stands, after a colon. */
function standing(request: PlatformRequest, context: CardContext): string {
  switch (request.status) {
    case 'submitted':
      return 'the guardrails are looking at it';
    case 'waiting':
      return `waiting, ${approvalsSoFar(context.quorumOf(request))}`;
    case 'held':
      return 'on hold until a window of the policy is over';
    case 'approved':
      if (request.queue) return `approved, waiting for a lock, ${placeText(request.queue.place)}`;
      return isEarly(request) ? 'approved, and begins at its time' : 'approved, about to start';
    case 'running':
      return `running, ${runSoFar(request)}`;
    case 'undoing':
      return 'being taken back';
    case 'succeeded':
      if (request.lock?.kind === 'person') return lockStands(request.lock);
      if (request.retiredBy) return `done, and removed since by ${request.retiredBy}`;
      if (request.life?.goneAt !== undefined) return 'done, and removed by hand since';
      return request.life?.sleep ? 'done, and asleep now' : 'done';
    case 'failed':
    case 'denied':
    case 'cancelled':
    case 'expired':
      return statusWords[request.status];
  }
}

/** As of when the card was drawn last: its start draws it anew. */
function isEarly({ notBefore, updatedAt }: PlatformRequest): boolean {
  return notBefore !== undefined && updatedAt < notBefore;
}

function lockStands({ end }: TakenLock): string {
  if (!end) return 'locked';
  const by = end.by ? ` by ${end.by.name}` : '';
  return { released: `released${by}`, expired: 'ended with its time', stolen: `taken away${by}` }[end.how];
}

function times(request: PlatformRequest): string[] {
  const { answerBy, outputs, startedAt, endedAt, status, verdict } = request;
  const words: string[] = [];
  if (request.notBefore !== undefined && startedAt === undefined && !isEnded(request)) {
    words.push(`begins ${date(request.notBefore)}`);
  }
  if (status === 'waiting' && answerBy !== undefined) words.push(`answers until ${date(answerBy)}`);
  if (status === 'held' && verdict?.hold?.until !== undefined) {
    words.push(`on hold until ${date(verdict.hold.until)}`);
  }
  const { lock } = request;
  if (lock?.kind === 'person' && status === 'succeeded') {
    // The request was done in an instant; what people look for is the lock.
    return lock.end
      ? [`ended ${date(lock.end.at)}`]
      : lock.until === undefined
        ? []
        : [`until ${date(lock.until)}`];
  }
  if (isEnded(request) && endedAt !== undefined) {
    const tookMs = startedAt === undefined ? 0 : endedAt - startedAt;
    const took = tookMs < secondMs ? '' : ` after ${formatDuration(tookMs)}`;
    words.push(`ended ${date(endedAt)}${took}`);
  }
  const environment = outputs?.environment;
  if (environment && !isOver(request)) words.push(`lives until ${date(environment.expiresAt)}`);
  if (request.follows) words.push(`goes back from ${request.follows}`);
  if (request.followedBy) words.push(`${request.followedBy} goes back from it`);
  return words;
}
