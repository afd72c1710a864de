/**
 * A request as seen in Slack: the whole card, drawn from the request every time. Double clicks, restarts and lost
 * messages then need no code of their own. Each part of the card is a file in cards/.
 */
import type { KnownBlock } from '@slack/types';
import { isEnded, type PlatformRequest } from '../core/request.ts';
import type { SlackMessage } from './blocks.ts';
import { narrowedBlocks } from './cards/answer-news.ts';
import { buttonBlocks } from './cards/buttons.ts';
import type { CardContext } from './cards/context.ts';
import { endingBlocks } from './cards/ending.ts';
import { headlineBlocks } from './cards/headline.ts';
import { previewBlocks, previewDetailBlocks } from './cards/preview.ts';
import { queueBlocks } from './cards/queue.ts';
import { requirementBlocks } from './cards/requirement.ts';
import { runBlocks } from './cards/run.ts';
import { cardSentence } from './cards/sentence.ts';
import { wayBlocks } from './cards/ways.ts';
import { bypassBlocks } from './glass-notices.ts';
import { maxOf } from './limits.ts';
import { stallBlocks } from './stall-notices.ts';

export type { CardContext } from './cards/context.ts';

export function cardOf(request: PlatformRequest, context: CardContext): SlackMessage {
  const parts = isEnded(request)
    ? [
        ...headlineBlocks(request, context),
        ...bypassBlocks(request, context),
        ...narrowedBlocks(request),
        ...endingBlocks(request, context),
        ...wayBlocks(request, context),
        ...runBlocks(request),
        ...buttonBlocks(request, context),
      ]
    : [
        ...headlineBlocks(request, context),
        ...bypassBlocks(request, context),
        ...previewBlocks(request),
        ...narrowedBlocks(request),
        ...requirementBlocks(request, context),
        ...wayBlocks(request, context),
        ...stallBlocks(request),
        ...queueBlocks(request),
        ...previewDetailBlocks(request),
        ...runBlocks(request),
        ...buttonBlocks(request, context),
      ];
  return {
    text: cardSentence(request, context),
    blocks: parts.slice(0, maxOf('blocksPerMessage')).map((block, index) => withId(block, request, index)),
  };
}

/** New ids with every version: Slack asks for it on each update, and clients then redraw the block for certain. */
function withId(block: KnownBlock, request: PlatformRequest, index: number): KnownBlock {
  return { ...block, block_id: `${request.id}.${request.version}.${index}` };
}
