/** What the requester reads alone, right after asking. Pure. */
import { pastText } from '../approvals/explain.ts';
import type { Obstacle } from '../core/lock.ts';
import { obstacleNext, obstacleText } from '../core/lock-words.ts';
import { isEnded, type PlatformRequest } from '../core/request.ts';
import { listOf } from '../core/text.ts';
import type { Verdict } from '../core/verdict.ts';
import {
  actions,
  bold,
  button,
  context,
  date,
  inline,
  linked,
  type SlackMessage,
  section,
} from './blocks.ts';
import { cardActions, writeCardValue } from './cards/buttons.ts';
import { endingBlocks } from './cards/ending.ts';
import { wayBlocks } from './cards/ways.ts';
import { type CardContext, cardOf } from './cards.ts';
import { debtText } from './glass-notices.ts';
import { askTitle } from './phrases.ts';
import { verdictLine } from './verdict-line.ts';
import { withoutSecrets } from './without-secrets.ts';

/** `channel`: the id of the one where the card is. `behind`: what it waits for, though it was let through. */
export function outcomeMessage(
  request: PlatformRequest,
  cards: CardContext,
  channel: string,
  behind: readonly Obstacle[] = [],
): SlackMessage {
  const title = `${bold(request.id)} ${inline(askTitle(cards.actions, request), 500)}`;
  const warnings = (request.verdict?.warnings ?? []).map((one) => context(`Note: ${linked(one.text)}`));
  const { text } = cardOf(request, cards);
  if (isEnded(request)) {
    // What is refused at once has no card that could say it.
    const ways = wayBlocks(request, cards);
    return withoutSecrets({
      text,
      blocks: [section(title), ...endingBlocks(request, cards), ...ways, ...warnings],
    });
  }
  const where = `Its card is in <#${channel}>; you are told when it ends.`;
  const words = [...standingWords(request, cards, behind), where].join(' ');
  return withoutSecrets({
    text,
    blocks: [
      section(`${title}\n${words}`),
      ...emergencyBlocks(request, cards),
      ...warnings,
      ...editBlocks(request),
    ],
  });
}

/** While it waits its requester may want something else after all. */
function editBlocks(request: PlatformRequest) {
  if (request.status !== 'waiting' && request.status !== 'held') return [];
  return [
    actions([button({ label: 'Edit', action: cardActions.edit, value: writeCardValue(request) })], 'edit'),
  ];
}

/** Its requester answers for it: with what reason, and to whom. */
function emergencyBlocks({ bypass, glass }: PlatformRequest, { groupTitle }: CardContext) {
  if (!bypass || !glass || glass.reviewed) return [];
  return [
    context(`Your reason: ${inline(bypass.reason, 500)}\n${debtText(glass.review, groupTitle, 'you')}`),
  ];
}

/** What the guardrails said, and when it begins if it has a time of its own: that is not "at once". */
function standingWords(
  { verdict, notBefore, startedAt, requester }: PlatformRequest,
  cards: CardContext,
  behind: readonly Obstacle[],
) {
  if (!verdict) return [];
  const line = linked(verdictLine(verdict, cards.groupTitle, requester.timeZone), 1500);
  const isLater = notBefore !== undefined && startedAt === undefined;
  if (!isLater && behind.length === 0) return [line];
  const begins = isLater ? [`It begins ${date(notBefore)}.`] : [];
  return [verdict.outcome === 'allow' ? letThrough(verdict) : line, ...begins, ...waitWords(behind)];
}

function letThrough(verdict: Verdict): string {
  return verdict.glass
    ? `Glass is broken, past ${linked(pastText(verdict), 1000)}.`
    : 'Nobody has to be asked.';
}

/** Of several the first two: the card names them all. */
function waitWords(behind: readonly Obstacle[]): string[] {
  if (behind.length === 0) return [];
  const named = [...behind.slice(0, 2).map(obstacleText), ...(behind.length > 2 ? ['others'] : [])];
  return [`It waits for a lock: ${linked(listOf(named), 800)}. ${inline(obstacleNext(behind), 400)}`];
}
