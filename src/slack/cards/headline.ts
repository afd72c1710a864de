/** The top of a card: the title, where it stands, and who, what, until when. */
import type { KnownBlock } from '@slack/types';
import { formatDuration, secondMs } from '../../core/duration.ts';
import { isOver } from '../../core/live-rules.ts';
import { isEnded, type PlatformRequest, type RequestStatus } from '../../core/request.ts';
import { bold, context, date, inline, section } from '../blocks.ts';
import { askTitle } from '../phrases.ts';
import type { CardContext } from './context.ts';
import { standing } from './standing.ts';

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
  // What belongs to nobody and runs nowhere, a lent voice or a key, has no tier that would tell a reader anything.
  const saysTier = target.name.includes(target.tier) || (target.team === '' && target.tier === 'dev');
  return saysTier ? name : `${name} (${target.tier})`;
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
