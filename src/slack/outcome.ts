/** What the requester reads alone, right after asking. Pure. */
import { isEnded, type PlatformRequest } from '../core/request.ts';
import { bold, context, inline, linked, type SlackMessage, section } from './blocks.ts';
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
  const verdict = request.verdict
    ? `${linked(verdictLine(request.verdict, cards.groupTitle, request.requester.timeZone), 1500)} `
    : '';
  const where = `Its card is in <#${channel}>; you are told when it ends.`;
  return { text, blocks: [section(`${title}\n${verdict}${where}`), ...warnings] };
}
