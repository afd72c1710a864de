/** What takes the place of a card that Slack does not take as it is drawn: the truth in one sentence. Pure. */
import type { PlatformRequest } from '../../core/request.ts';
import { type SlackMessage, section } from '../blocks.ts';
import type { CardContext } from './context.ts';
import { cardSentence } from './sentence.ts';

export function plainCard(request: PlatformRequest, context: CardContext): SlackMessage {
  const sentence = cardSentence(request, context);
  return {
    text: sentence,
    blocks: [
      section(sentence),
      section(
        `Slack does not take this card as it should be. See all of it with \`/requests ${request.id}\`.`,
      ),
    ],
  };
}
