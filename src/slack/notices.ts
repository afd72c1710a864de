/** The lines that mention people, once per thing they must do or were waiting for. Pure. */

import type { KnownBlock } from '@slack/types';
import { dayMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import { lifeOf } from '../core/live-on.ts';
import { isOver } from '../core/live-rules.ts';
import type { EndChoice, Notice } from '../core/ports.ts';
import type { PlatformRequest } from '../core/request.ts';
import { count } from '../core/text.ts';
import type { Verdict } from '../core/verdict.ts';
import { answerActions } from './answers.ts';
import { type AskingNoticeKind, unansweredBlocks } from './asking-notices.ts';
import {
  actions,
  bold,
  button,
  context,
  date,
  escapeMrkdwn,
  inline,
  linked,
  mention,
  quote,
  type SlackMessage,
  section,
} from './blocks.ts';
import { outputBlocks } from './cards/ending.ts';
import type { CardContext } from './cards.ts';
import { glassNotice } from './glass-notices.ts';
import { lockNotice } from './lock-notices.ts';
import { askPhrase, statusWords } from './phrases.ts';
import type { ReviewNoticeKind } from './review-notices.ts';
import type { StallNoticeKind } from './stall-notices.ts';
import { verdictLine } from './verdict-line.ts';
import { withoutSecrets } from './without-secrets.ts';
import { stopped } from './words.ts';

/** Those that ask for an answer are in asking-notices.ts. */
/** `choices`: for an end that comes. */
export function noticeOf(
  { kind }: { readonly kind: Exclude<Notice['kind'], AskingNoticeKind | ReviewNoticeKind | StallNoticeKind> },
  request: PlatformRequest,
  context: CardContext,
  choices: readonly EndChoice[] = [],
): SlackMessage {
  switch (kind) {
    case 'ended':
      return endedMessage(request, context);
    case 'lock_free':
    case 'lock_handed_over':
    case 'lock_ended':
    case 'lock_idle':
      return lockNotice(kind, request, context);
    case 'ending':
      return endingMessage(request, choices, context);
    case 'gone':
      return goneMessage(request);
    case 'glass_broken':
    case 'glass_reviewed':
      return glassNotice(kind, request, context);
  }
}

function endedMessage(request: PlatformRequest, context: CardContext): SlackMessage {
  const who = request.requester.kind === 'system' ? '' : `${mention(request.requester.id)}: `;
  const phrase = inline(askPhrase(context.actions, request), 500);
  const line = `${who}your request ${request.id} to ${phrase} ${endings[request.status] ?? 'has ended'}.`;
  return { text: line, blocks: [section(line), ...endingDetails(request)] };
}

function endingDetails(request: PlatformRequest): KnownBlock[] {
  const { status, problem, requester, reviews } = request;
  switch (status) {
    case 'succeeded':
      return outputBlocks(request);
    case 'failed': {
      if (!problem) return [];
      return [section(`${linked(stopped(problem.sentence))} ${linked(problem.next)}${goesBack(request)}`)];
    }
    case 'denied': {
      const denial = reviews.findLast((review) => review.decision === 'deny');
      return denial?.note ? [quote(denial.note)] : [];
    }
    case 'expired':
      return requester.kind === 'system' ? [] : unansweredBlocks(request);
    default:
      return [];
  }
}

/** What was asked for by itself is told where the failure is told. */
function goesBack({ followedBy }: PlatformRequest): string {
  return followedBy === undefined ? '' : ` ${followedBy} brings back what ran before.`;
}

/** Drawn when it is sent: by then it may have been extended, and then it says the new end. */
function endingMessage(
  request: PlatformRequest,
  choices: readonly EndChoice[],
  { groupTitle }: CardContext,
): SlackMessage {
  const { outputs, requester, target } = request;
  const who = mention(requester.id);
  const name = inline(target.name, 100);
  const end = outputs?.environment?.expiresAt;
  if (isOver(request) || end === undefined) return said(`${who}: your environment ${name} is gone.`);
  const line = `${who}: your environment ${name} ends ${date(end)}. It is removed then, with everything in it.${idleWords(request, end)}`;
  const outlooks = choices.map(({ label, outlook, price }) => {
    const words = outlook.ok
      ? choiceWords(outlook.value, groupTitle, requester.timeZone)
      : stopped(outlook.problem.sentence);
    return `${bold(label, 75)}${price === undefined ? '' : `, ${inline(price, 40)}`}: ${linked(words, 400)}`;
  });
  const buttons = choices.map(({ label, commandLine }, index) =>
    button({ label, action: `${answerActions.run}.${index}`, value: commandLine }),
  );
  return {
    text: line,
    blocks: [section(line), ...(outlooks.length > 0 ? [context(outlooks.join('\n')), actions(buttons)] : [])],
  };
}

/** What runs at once needs no reason: five of them would hide the prices. */
function choiceWords(
  verdict: Verdict,
  groupTitle: CardContext['groupTitle'],
  zone: string | undefined,
): string {
  if (verdict.outcome === 'allow') return 'runs at once.';
  const line = verdictLine(verdict, groupTitle, zone);
  return `${line.charAt(0).toLowerCase()}${line.slice(1)}`;
}

/** Nobody asked for that, so it is said once, to whoever asked for the environment. */
function goneMessage({ requester, target, outputs }: PlatformRequest): SlackMessage {
  const namespace = inline(outputs?.environment?.namespace ?? target.name, 100);
  return said(
    `${mention(requester.id)}: your environment ${inline(target.name, 100)} is gone. Somebody removed its namespace ` +
      `${namespace} by hand, so it costs nothing any more. Ask for a new one with \`/env create\`.`,
  );
}

/** Less than a day is no sign of anything. */
function idleWords(request: PlatformRequest, end: Moment): string {
  const days = Math.floor((end - lifeOf(request).usedAt) / dayMs);
  return days < 1 ? '' : ` Nobody has used it for ${count(days, 'day')}.`;
}

const endings: Partial<Record<PlatformRequest['status'], string>> = {
  succeeded: 'is done',
  failed: 'has failed',
  denied: 'was denied',
  cancelled: `was ${statusWords.cancelled}`,
  expired: 'has expired, nobody answered in time',
};

function said(line: string): SlackMessage {
  return { text: line, blocks: [section(line)] };
}

/** For a person alone: what stopped them, what to do, and the reference that the operator's log has too. */
export function problemMessage(
  cause: { sentence: string; next: string; fields?: Readonly<Record<string, string>> },
  reference: string,
): SlackMessage {
  // What the sentence says already is not said again below it.
  const said = `${stopped(cause.sentence)} ${stopped(cause.next)}`.toLowerCase();
  const fieldLines = Object.entries(cause.fields ?? {})
    .filter(([, text]) => !said.includes(stopped(text).slice(0, -1).toLowerCase()))
    .map(([name, text]) => `• ${inline(name, 60)}: ${linked(text)}`);
  const sentence = `${linked(stopped(cause.sentence), 1000)} ${linked(stopped(cause.next), 1000)}`;
  return withoutSecrets({
    text: escapeMrkdwn(`${stopped(cause.sentence)} ${stopped(cause.next)}`),
    blocks: [
      section([sentence, ...fieldLines.slice(0, 15)].join('\n')),
      { type: 'context', elements: [{ type: 'plain_text', text: `Reference ${reference}`, emoji: false }] },
    ],
  });
}
