/** `/requests`: what waits for me, and mine. Pure. */
import type { KnownBlock } from '@slack/types';
import type { PlatformRequest } from '../core/request.ts';
import { count } from '../core/text.ts';
import { bold, context, date, inline, linesWithin, type SlackMessage, section } from './blocks.ts';
import type { CardContext } from './cards/context.ts';
import { waysLine } from './cards/ways.ts';
import { askTitle, statusWords } from './phrases.ts';
import { withoutSecrets } from './without-secrets.ts';

const maxRows = 15;

export function overviewMessage(
  overview: {
    readonly mine: readonly PlatformRequest[];
    readonly waitingForMe: readonly PlatformRequest[];
    readonly debts: readonly PlatformRequest[];
  },
  cards: CardContext,
): SlackMessage {
  const { mine, waitingForMe, debts } = overview;
  const waiting = `${count(waitingForMe.length, 'request waits', 'requests wait')} for your answer`;
  const owed =
    debts.length === 0
      ? ''
      : `; ${count(debts.length, 'emergency is', 'emergencies are')} still to be looked at`;
  return withoutSecrets({
    text: `${waiting}${owed}; you have ${count(mine.length, 'open or recent request')}.`,
    blocks: [
      ...rows('Waiting for your answer', waitingForMe, 'Nothing waits for you.', (request) =>
        row(request, cards, true),
      ),
      ...(debts.length === 0
        ? []
        : rows('Emergencies to look at', debts, '', (request) => debtRow(request, cards))),
      ...rows('Yours', mine, 'You have asked for nothing lately.', (request) => row(request, cards, false)),
      context('`/requests REQ-12` shows one with its whole history.'),
    ],
  });
}

function rows(
  title: string,
  requests: readonly PlatformRequest[],
  none: string,
  draw: (request: PlatformRequest) => string,
): KnownBlock[] {
  if (requests.length === 0) return [section(`${bold(title)}\n${none}`)];
  const list = linesWithin(requests.map(draw), maxRows, (left) => `and ${count(left, 'more')}`, 2900);
  return [section(`${bold(`${title} (${requests.length})`)}\n${list}`)];
}

function row(request: PlatformRequest, cards: CardContext, withRequester: boolean): string {
  const who = withRequester ? ` by ${inline(request.requester.name, 60)}` : '';
  const { answerBy, status } = request;
  const until = status !== 'waiting' || answerBy === undefined ? '' : `, answers until ${date(answerBy)}`;
  const ways = waysLine(request, cards);
  const run = ways === undefined ? '' : `; would run with ${ways}`;
  return `• ${bold(request.id)} ${inline(askTitle(cards.actions, request), 120)}${who}: ${statusWords[status]}${until}${run}`;
}

function debtRow(request: PlatformRequest, cards: CardContext): string {
  const reason = inline(request.bypass?.reason ?? 'none was given', 300);
  const looked = `\`/requests review ${request.id}\``;
  return `• ${bold(request.id)} ${inline(askTitle(cards.actions, request), 120)} by ${inline(request.requester.name, 60)}, because: ${reason}. Once you have looked at it: ${looked}`;
}
