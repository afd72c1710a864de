/** What whoever asked is told alone: what became of it, and what it still waits for though nobody has to be asked. */
import type { PlatformRequest } from '../core/request.ts';
import { outcomeMessage } from '../slack/outcome.ts';
import type { HandlerDeps } from './deps.ts';
import type { Place } from './payload.ts';

export async function tellOutcome(deps: HandlerDeps, place: Place, request: PlatformRequest): Promise<void> {
  const behind = await deps.desk.obstacles(request);
  const channel = deps.channels[request.channel];
  await deps.replies.privately(place, outcomeMessage(request, deps.cards, channel, behind));
}
