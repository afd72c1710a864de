/** The lines about answers: the requester is asked for an edit, and told of a narrowing; void answers are told of once. Pure. */
import type { Notice } from '../core/ports.ts';
import type { PlatformRequest } from '../core/request.ts';
import { listOf } from '../core/text.ts';
import type { Review } from '../core/verdict.ts';
import { inline, mention, quote, type SlackMessage, section } from './blocks.ts';
import { changesText, narrowedText } from './change-words.ts';

export type ReviewNoticeKind = Extract<Notice['kind'], 'changes_asked' | 'edited' | 'narrowed'>;

export function isAboutReviews(kind: Notice['kind']): kind is ReviewNoticeKind {
  return kind === 'changes_asked' || kind === 'edited' || kind === 'narrowed';
}

/** `undefined` when there is nothing left to do about it: it was answered or taken back before this could be said. */
export function reviewNotice(kind: ReviewNoticeKind, request: PlatformRequest): SlackMessage | undefined {
  switch (kind) {
    case 'changes_asked':
      return changesMessage(request);
    case 'edited':
      return editedMessage(request);
    case 'narrowed':
      return narrowedMessage(request);
  }
}

function changesMessage({ id, status, requester, reviews }: PlatformRequest): SlackMessage | undefined {
  const asked = reviews.filter(({ decision }) => decision === 'request_changes');
  if (status !== 'waiting' || asked.length === 0) return undefined;
  const names = listOf(asked.map(({ name }) => inline(name, 80)));
  const line = `${mention(requester.id)}: ${names} ${asked.length === 1 ? 'asks' : 'ask'} for changes to ${id}. It waits for you: edit it with \`/requests edit ${id}\`, or from the menu of its card.`;
  return { text: line, blocks: [section(line), ...asked.flatMap(({ note }) => (note ? [quote(note)] : []))] };
}

function editedMessage(request: PlatformRequest): SlackMessage | undefined {
  const people = stillToAnswer(request);
  if (people.length === 0) return undefined;
  return said(
    `${mentions(people)}: ${request.id} was edited by its requester (${inline(changesText(request.lastEdit ?? []), 400)}), so your answer no longer counts. Please look at the card above and answer again.`,
  );
}

function narrowedMessage(request: PlatformRequest): SlackMessage | undefined {
  const last = request.narrowed?.at(-1);
  if (!last) return undefined;
  const { id, requester } = request;
  const what = `${inline(last.by.name, 80)} narrowed ${id} ${inline(narrowedText(last.changes), 400)}.`;
  const mine = `${mention(requester.id)}: ${what} If that is not enough, cancel it and ask again.`;
  const others = stillToAnswer(request);
  const theirs =
    others.length === 0
      ? ''
      : ` ${mentions(others)}: your answer was to more, so it no longer counts. Please answer again.`;
  return said(`${requester.kind === 'system' ? what : mine}${theirs}`);
}

/** Those whose answer became void, and who have not answered since. */
function stillToAnswer({ status, voided = [], reviews }: PlatformRequest): readonly Review[] {
  if (status !== 'waiting') return [];
  const byPerson = new Map(voided.map((review) => [review.by, review]));
  return [...byPerson.values()].filter(({ by }) => !reviews.some((review) => review.by === by));
}

function mentions(people: readonly Review[]): string {
  return people.map(({ by }) => mention(by)).join(' ');
}

function said(line: string): SlackMessage {
  return { text: line, blocks: [section(line)] };
}
