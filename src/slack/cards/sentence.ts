/**
 * The message's `text`: the whole card in a sentence or two, for screen readers, notifications and search. Who asks, for
 * what and where, why it waits and for whom.
 */
import { describeMissing } from '../../approvals/explain-ways.ts';
import { isEnded, type PlatformRequest } from '../../core/request.ts';
import { escapeMrkdwn } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { askPhrase } from '../phrases.ts';
import { titlesFor } from '../verdict-line.ts';
import { cleanWithin } from '../without-secrets.ts';
import { stopped } from '../words.ts';
import { changesAskedText } from './answer-news.ts';
import type { CardContext } from './context.ts';
import { approvalsSoFar } from './requirement.ts';
import { standing } from './standing.ts';

/** Reasons and notes longer than this are read on the card itself. */
const becauseMax = 300;

/** Escaped, since Slack reads it as mrkdwn. */
export function cardSentence(request: PlatformRequest, context: CardContext): string {
  const asks = isEnded(request) ? 'asked' : 'asks';
  // Each cut by itself: a long name must not push out for whom it waits.
  const name = cleanWithin(request.requester.name, 80);
  const phrase = cleanWithin(askPhrase(context.actions, request), 250);
  const emergency = request.bypass?.kind === 'break_glass' ? ' as an emergency' : '';
  const sentence = `${name} ${asks} to ${phrase}${emergency}. ${standingSentence(request, context)}`;
  // On one line: what was typed into a field must not look like a second message.
  return escapeMrkdwn(cleanWithin(sentence.replaceAll(/\s+/gu, ' '), maxOf('messageText') / 5));
}

/** "It waits for 1 more approval from SRE (0 of 1 approval so far), because: more than 4 CPU." Plain text. */
export function standingSentence(request: PlatformRequest, context: CardContext): string {
  if (request.stall)
    return stopped(`It cannot go on: ${cleanWithin(request.stall.problem.sentence, becauseMax)}`);
  switch (request.status) {
    case 'submitted':
      return 'The guardrails are looking at it.';
    case 'waiting':
      return waitingSentence(request, context);
    case 'held':
      return `It is ${standing(request, context)}${because(request.verdict?.reasons.map(({ text }) => text))}`;
    case 'denied':
      return deniedSentence(request);
    case 'cancelled':
      return request.cancelledBecause
        ? `It was cancelled: the account of ${request.requester.name} was deactivated.`
        : `It was cancelled by ${request.cancelledBy?.name ?? 'its requester'}.`;
    case 'expired':
      return 'It has expired: nobody answered in time.';
    case 'failed':
      return stopped(
        `It has failed${request.problem ? `: ${cleanWithin(request.problem.sentence, becauseMax)}` : ''}`,
      );
    case 'approved':
    case 'running':
    case 'undoing':
    case 'succeeded':
      return `It is ${standing(request, context)}.`;
  }
}

/** "It waits for 1 more approval from Payments team or SRE (1 of 2 approvals so far), because: production changes." */
function waitingSentence(request: PlatformRequest, { quorumOf, groupTitle }: CardContext): string {
  const quorum = quorumOf(request);
  const changes = changesAskedText(quorum);
  if (changes !== undefined)
    return `It is ${changes}${because(quorum.changesAsked?.flatMap(({ note }) => note ?? []))}`;
  const missing = describeMissing(quorum.parts, titlesFor(request.requirements, groupTitle));
  const open = quorum.parts.filter((part) => part.missing > 0);
  const reasons = [...new Set(open.map((part) => part.requirement.because))];
  const whom = open.length === 0 ? 'an answer' : missing;
  return `It waits for ${whom} (${approvalsSoFar(quorum)} so far)${because(reasons)}`;
}

function deniedSentence({ deniedBy, reviews, verdict }: PlatformRequest): string {
  if (deniedBy !== 'reviewer') {
    return `It was denied by the guardrails${because(verdict?.reasons.map(({ text }) => text))}`;
  }
  const no = reviews.findLast((review) => review.decision === 'deny');
  return `It was denied by ${no?.name ?? 'a reviewer'}${because(no?.note ? [no.note] : [])}`;
}

/** `, because: more than 4 CPU.`, or the full stop alone. */
function because(reasons: readonly string[] = []): string {
  const text = cleanWithin(reasons.join('; '), becauseMax);
  return text === '' ? '.' : stopped(`, because: ${text}`);
}
