/** What the requester reads alone, right after asking. Pure. */
import { isEnded, type PlatformRequest } from '../core/request.ts';
import { bold, context, date, inline, linked, type SlackMessage, section } from './blocks.ts';
import { endingBlocks } from './cards/ending.ts';
import { type CardContext, cardOf } from './cards.ts';
import { askTitle } from './phrases.ts';
import { verdictLine } from './verdict-line.ts';

/** `channel`: the id of the one where the card is. */
export function outcomeMessage(request: PlatformRequest, cards: CardContext, channel: string): SlackMessage {
  const title = `${bold(request.id)} ${inline(askTitle(cards.actions, request), 500)}`;
  const warnings = (request.verdict?.warnings ?? []).map((one) => context(`Note: ${linked(one.text)}`));
  const { text } = cardOf(request, cards);
  if (isEnded(request)) {
    return { text, blocks: [section(title), ...endingBlocks(request, cards), ...warnings] };
  }
  const where = `Its card is in <#${channel}>; you are told when it ends.`;
  const words = [...standingWords(request, cards), where].join(' ');
  return { text, blocks: [section(`${title}\n${words}`), ...warnings] };
}

/** What the guardrails said, and when it begins if it has a time of its own: that is not "at once". */
function standingWords({ verdict, notBefore, startedAt, requester }: PlatformRequest, cards: CardContext) {
  if (!verdict) return [];
  const line = linked(verdictLine(verdict, cards.groupTitle, requester.timeZone), 1500);
  if (notBefore === undefined || startedAt !== undefined) return [line];
  return [verdict.outcome === 'allow' ? 'Nobody has to be asked.' : line, `It begins ${date(notBefore)}.`];
}
