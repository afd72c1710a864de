/**
 * The lines that ask people for an answer, and remind them: with the mentions that the request's history records, for
 * as long as there is something to answer. Pure.
 */
import type { KnownBlock } from '@slack/types';
import type { AskedPerson, Round } from '../core/asking.ts';
import type { Notice } from '../core/ports.ts';
import type { PlatformRequest } from '../core/request.ts';
import { count, listOf } from '../core/text.ts';
import { actions, button, date, inline, mention, type SlackMessage, section } from './blocks.ts';
import type { CardContext } from './cards/context.ts';
import { letInText } from './cards/escalation.ts';
import { askPhrase } from './phrases.ts';
import { lapsedText } from './words.ts';

export const askingActions = { again: 'asking.again' } as const;

export type AskingNoticeKind = Extract<Notice['kind'], 'waiting' | 'moved' | 'reminder'>;

export function isAsking(kind: Notice['kind']): kind is AskingNoticeKind {
  return kind === 'waiting' || kind === 'moved' || kind === 'reminder';
}

/** `undefined` when nobody has to do anything any more: it was answered before this could be said. */
export function askingNotice(
  { key, kind }: { readonly key: string; readonly kind: AskingNoticeKind },
  request: PlatformRequest,
  context: CardContext,
): SlackMessage | undefined {
  if (request.status !== 'waiting') return kind === 'moved' ? said(changed(request)) : undefined;
  const round = request.asking?.rounds.find(({ version }) => key.endsWith(`:${version}`));
  if (!round) return undefined;
  const left = stillToAnswer(round, request);
  if (round.people.length > 0 && left.length === 0 && !round.isLast) return undefined;
  return said(
    round.kind === 'reminded' ? reminder(round, left, request, context) : asking(left, request, context),
  );
}

/** To the requester of one that nobody answered: the next step, at a click. */
export function unansweredBlocks({ id }: PlatformRequest): KnownBlock[] {
  return [
    section('Ask again if you still need it, and speak to somebody who may answer.'),
    actions([button({ label: 'Ask again', action: askingActions.again, value: id })]),
  ];
}

function asking(people: readonly AskedPerson[], request: PlatformRequest, context: CardContext): string {
  const who = people.length === 0 ? 'Nobody could be found who may answer this' : mentions(people);
  const { lapsed = [] } = request;
  const left = lapsed.length > 0 ? `${inline(lapsedText(lapsed), 400)}. ` : '';
  const news = `${request.moves > 0 ? `${changed(request)} ` : ''}${left}`;
  return `${who}: ${news}${[asked(request, context), ...(letInText(request, context) ?? [])].join(' ')} ${answerWhere(request, people)}`;
}

function reminder(
  { isLast }: Round,
  people: readonly AskedPerson[],
  request: PlatformRequest,
  context: CardContext,
): string {
  const open = context.quorumOf(request).parts.reduce((sum, part) => Math.max(sum, part.missing), 0);
  const missing = `It still needs ${count(open, 'approval')}.`;
  const first =
    people.length === 0
      ? ''
      : `${mentions(people)}: a reminder. ${asked(request, context)} ${missing} ${answerWhere(request, people)} `;
  return isLast ? `${first}${endsSoon(request)}` : first.trim();
}

function endsSoon({ requester, answerBy, id }: PlatformRequest): string {
  const who = requester.kind === 'system' ? '' : `${mention(requester.id)}: `;
  const when = answerBy === undefined ? 'soon' : date(answerBy);
  return `${who}${id} ends unanswered ${when}. Speak to somebody who may answer, or ask again later.`;
}

function asked(request: PlatformRequest, context: CardContext): string {
  const phrase = inline(askPhrase(context.actions, request), 500);
  return `${inline(request.requester.name, 80)} asks to ${phrase}.`;
}

function changed({ id, moved = [] }: PlatformRequest): string {
  const what = moved.length === 0 ? '' : ` (${inline(listOf(moved), 600)})`;
  return `${id} has changed since it was answered${what}, so earlier answers no longer count.`;
}

function answerWhere(request: PlatformRequest, people: readonly AskedPerson[]): string {
  const until = request.answerBy === undefined ? '' : ` until ${date(request.answerBy)}`;
  return people.length === 0
    ? `Whoever may can answer on the card above${until}.`
    : `Please answer on the card above${until}.`;
}

/** Without those who have answered since. */
function stillToAnswer({ people }: Round, { reviews }: PlatformRequest): readonly AskedPerson[] {
  return people.filter(({ id }) => !reviews.some(({ by }) => by === id));
}

function mentions(people: readonly AskedPerson[]): string {
  return people.map(({ id }) => mention(id)).join(' ');
}

function said(line: string): SlackMessage {
  return { text: line, blocks: [section(line)] };
}
