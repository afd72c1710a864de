/** `/requests REQ-12`: one request with its whole history in words. Pure. */
import type { KnownBlock } from '@slack/types';
import { nightsText } from '../core/lifetime.ts';
import { obstacleText } from '../core/lock-words.ts';
import type { EventOf, PlatformRequest, RecordedEvent, RequestEvent } from '../core/request.ts';
import { count, listOf } from '../core/text.ts';
import type { Review } from '../core/verdict.ts';
import { bold, context, date, inBlocks, inline, linked, type SlackMessage, section } from './blocks.ts';
import { type CardContext, cardOf } from './cards.ts';
import { changesText, narrowedText } from './change-words.ts';
import { askTitle } from './phrases.ts';
import { verdictLine } from './verdict-line.ts';
import { withoutSecrets } from './without-secrets.ts';
import { lapsedText, speakerOf, stopped } from './words.ts';

/** Older lines are left out, not newer ones: what happened last is what people look for. */
const maxLines = 60;
const charactersPerBlock = 2800;

/** The card without its buttons, then what happened, oldest first. */
export function historyMessage(
  request: PlatformRequest,
  history: readonly RecordedEvent[],
  cards: CardContext,
): SlackMessage {
  const card = cardOf(request, cards);
  return withoutSecrets({
    text: card.text,
    blocks: [
      ...card.blocks.filter((block) => block.type !== 'actions'),
      ...historyBlocks(request, history, cards),
    ],
  });
}

export function historyBlocks(
  request: PlatformRequest,
  history: readonly RecordedEvent[],
  cards: CardContext,
): KnownBlock[] {
  const lines = history.map(
    ({ event }) => `${date(event.at, '{date_short_pretty} {time_secs}')} ${eventLine(event, request, cards)}`,
  );
  const left = lines.length - maxLines;
  const shown = left > 0 ? [`… ${count(left, 'earlier line')}`, ...lines.slice(-maxLines)] : lines;
  return [section(bold('History')), ...inBlocks(shown, charactersPerBlock).map((text) => context(text))];
}

function eventLine(event: RequestEvent, request: PlatformRequest, cards: CardContext): string {
  const title = (id: string) => inline(request.steps.find((step) => step.id === id)?.title ?? id, 120);
  switch (event.type) {
    case 'requested':
      return `${inline(event.requester.name, 80)} asked: ${inline(askTitle(cards.actions, named(event, request)), 300)}.${bypassWords(event.bypass)}`;
    case 'evaluated':
      return `The guardrails said: ${linked(verdictLine(event.verdict, cards.groupTitle), 500)}`;
    case 'followed':
      return `${event.by} goes back from it.`;
    case 'moved':
      return `It changed, so earlier answers no longer count: ${linked(listOf(event.what), 400)}.`;
    case 'reviewed': {
      const { decision, note, factor } = event.review;
      const how = factor ? ' with a code of their authenticator app' : '';
      return `${inline(speakerOf(event.review), 160)} ${decided[decision]}${how}${note ? `: ${inline(note, 400)}` : ''}.`;
    }
    case 'review_withdrawn':
      return `${inline(event.by.name, 80)} took their answer back: ${takenBack[event.decision]}.`;
    case 'reviews_lapsed':
      return `${inline(lapsedText(event.reviews), 400)}.`;
    case 'edited':
      return `${inline(event.by.name, 80)} edited it: ${inline(changesText(event.changes), 400)}. Earlier answers no longer count.`;
    case 'narrowed':
      return `${inline(event.by.name, 80)} narrowed it ${inline(narrowedText(event.changes), 400)}.`;
    case 'approved':
      return event.because === 'policy'
        ? request.glass
          ? 'Let through without an approval: glass was broken.'
          : 'Approved by the guardrails.'
        : 'Approved: every requirement is met.';
    case 'denied':
      return event.by === 'policy' ? 'Denied by the guardrails.' : 'Denied by a reviewer.';
    case 'cancelled':
      return event.because
        ? `Cancelled: the account of ${inline(request.requester.name, 80)} was deactivated.`
        : `Cancelled by ${inline(event.by.name, 80)}.`;
    case 'expired':
      return 'Expired: nobody answered in time.';
    case 'started':
      return `Started: ${count(event.plan.length, 'step')}.`;
    case 'step_started':
      return `${title(event.step)}: begun.`;
    case 'step_waiting':
      return `${title(event.step)}: ${linked(event.note, 200)}`;
    case 'step_done':
      return `${title(event.step)}: done${event.note ? ` – ${linked(event.note, 200)}` : ''}.`;
    case 'step_retrying':
      return `${title(event.step)}: tried again, because ${linked(stopped(event.problem.sentence), 200)}`;
    case 'undo_started':
      return event.cause.kind === 'failed'
        ? `${title(event.cause.step)} failed: ${linked(stopped(event.cause.problem.sentence), 400)} Taken back from here.`
        : `${inline(event.cause.by.name, 80)} cancelled it: taken back from here.`;
    case 'undo_step_started':
      return `${title(event.step)}: taking it back.`;
    case 'undo_waiting':
      return `${title(event.step)}: ${linked(event.note, 200)}`;
    case 'step_undone':
      return `${title(event.step)}: taken back${event.note === undefined ? '' : `, ${linked(event.note, 200)}`}.`;
    case 'undo_failed':
      return `${title(event.step)}: could not be taken back, because ${linked(stopped(event.problem.sentence), 300)}`;
    case 'succeeded':
      return 'Done.';
    case 'failed':
      return `Failed: ${linked(stopped(event.problem.sentence), 400)}`;
    case 'retired':
      return `What it made was removed by ${event.by}.`;
    case 'extended':
    case 'kept':
      return `${event.by} moved its end to ${date(event.until)}.`;
    case 'slept': {
      const { wakesAt, end } = event;
      const until = wakesAt === undefined ? '' : ` until ${date(wakesAt)}`;
      return `${event.by} put it to sleep${until}${end ? `, and moved its end to ${date(end.until)}` : ''}.`;
    }
    case 'woken':
      return `${event.by} woke it.`;
    case 'scheduled':
      return `${event.by} changed when it sleeps: ${inline(nightsText(event.nights), 60)}.`;
    case 'handed_over':
      return `${event.by} handed it over to ${inline(cards.groupTitle(event.team), 80)}.`;
    case 'repaired':
      return `${event.by} put it back as it was made.`;
    case 'gone':
      return 'What it made was found gone: somebody removed it by hand.';
    case 'repriced':
      return 'Its price changed with the catalog.';
    case 'used':
      return 'It was seen in use.';
    case 'end_announced':
      return `${inline(request.requester.name, 80)} was told that it ends ${date(event.end)}.`;
    case 'glass_broken':
      return `Glass broken: it went past ${inline(listOf(event.rules), 400)}, at once. To be looked at afterwards by ${inline(listOf(event.review.map(cards.groupTitle), 'or'), 300)}.`;
    case 'glass_reviewed':
      return `${inline(event.by.name, 80)} has looked at the emergency${event.note ? `: ${inline(event.note, 400)}` : ''}.`;
    case 'asked':
      return event.people.length === 0
        ? 'Nobody could be found who may answer it.'
        : `Asked ${inline(namesOf(event.people), 400)}.`;
    case 'reminded':
      return `${event.isLast ? 'Last reminder' : 'Reminder'}${event.people.length > 0 ? ` to ${inline(namesOf(event.people), 400)}` : ''}.`;
    case 'escalated':
      return `Not answered in time, so ${inline(listOf(event.to.map(cards.groupTitle)), 300)} may answer it too.`;
    case 'stalled':
      return `Cannot go on: ${linked(stopped(event.problem.sentence), 300)} Tried again until ${date(event.until)}.`;
    case 'resumed':
      return 'Goes on.';
    case 'lock_queued':
      return `Waits for a lock: ${linked(listOf(event.behind.map(obstacleText)), 500)}.`;
    case 'lock_ended':
      return `Its lock ${lockEnds[event.how]}${event.by ? ` by ${inline(event.by.name, 80)}` : ''}.`;
    case 'lock_handed_over':
      return `${inline(event.by.name, 80)} handed its lock over to ${inline(event.to.name, 80)}.`;
    case 'lock_idle':
      return 'The holder was reminded that nothing happens under its lock.';
    case 'lock_kept':
      return `${inline(event.by.name, 80)} keeps its lock.`;
    default:
      return event satisfies never;
  }
}

/** Whom an id in it means is known since the guardrails looked at it. */
function named(event: EventOf<'requested'>, { preview }: PlatformRequest) {
  return preview === undefined ? event : { ...event, preview };
}

function bypassWords(bypass: PlatformRequest['bypass']): string {
  if (!bypass) return '';
  const kind = bypass.kind === 'override' ? 'In spite of any window' : 'As an emergency';
  const how = bypass.factor ? `${kind}, with a code of their authenticator app` : kind;
  return ` ${how}: ${inline(bypass.reason, 500)}`;
}

function namesOf(people: readonly { readonly name: string }[]): string {
  return listOf(people.map(({ name }) => name));
}

const decided = {
  approve: 'approved',
  request_changes: 'asked for changes',
  deny: 'denied',
} as const satisfies Record<Review['decision'], string>;

const takenBack = {
  approve: 'a yes',
  request_changes: 'what should change',
  deny: 'a no',
} as const satisfies Record<Review['decision'], string>;

const lockEnds = {
  released: 'was released',
  expired: 'ended with its time',
  stolen: 'was taken away',
} as const;
