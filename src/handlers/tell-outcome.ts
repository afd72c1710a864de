/** What whoever asked is told alone: what became of it, and what it still waits for though nobody has to be asked. */
import type { PlatformRequest } from '../core/request.ts';
import type { SlackMessage } from '../slack/blocks.ts';
import { outcomeMessage } from '../slack/outcome.ts';
import type { HandlerDeps } from './deps.ts';
import type { Place } from './payload.ts';

export async function tellOutcome(deps: HandlerDeps, place: Place, request: PlatformRequest): Promise<void> {
  await deps.replies.privately(place, await outcomeWords(deps, request));
}

export async function outcomeWords(deps: HandlerDeps, request: PlatformRequest): Promise<SlackMessage> {
  const behind = await deps.desk.obstacles(request);
  return outcomeMessage(request, deps.cards, deps.channels[request.channel], behind);
}
