/** What whoever asked is told alone: what became of it, and what it still waits for though nobody has to be asked. */
import type { Result } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { SlackMessage } from '../slack/blocks.ts';
import { outcomeMessage } from '../slack/outcome.ts';
import { type HandlerDeps, tellProblem } from './deps.ts';
import type { Place } from './payload.ts';

/**
 * What is decided as soon as this is told with the acknowledgement itself, or before it: a call of its own costs Slack and us
 * more than all that comes before it. Well below the 3 s that Slack waits.
 */
export const answeredInAckMs = 1_000;

export async function tellDecided(
  deps: HandlerDeps,
  place: Place,
  decided: Result<PlatformRequest>,
): Promise<void> {
  if (!decided.ok) return tellProblem(deps, place, decided.problem);
  await tellOutcome(deps, place, decided.value);
}

export async function tellOutcome(deps: HandlerDeps, place: Place, request: PlatformRequest): Promise<void> {
  await deps.replies.privately(place, await outcomeWords(deps, request));
}

export async function outcomeWords(deps: HandlerDeps, request: PlatformRequest): Promise<SlackMessage> {
  const behind = await deps.desk.obstacles(request);
  return outcomeMessage(request, deps.cards, deps.channels[request.channel], behind);
}
