/** Why nothing can be done with a request as it stands, in words for whoever tried. */
import { type Problem, problem } from './problem.ts';
import { type EndedStatus, isEnded, type PlatformRequest } from './request.ts';

const endings = {
  succeeded: 'has succeeded',
  failed: 'has failed',
  denied: 'was denied',
  cancelled: 'was cancelled',
  expired: 'has expired',
} as const satisfies Record<EndedStatus, string>;

export function endedProblem(request: PlatformRequest & { readonly status: EndedStatus }): Problem {
  const ending = endings[request.status];
  return problem(
    'already_ended',
    `${request.id} ${ending} already, so nothing was changed.`,
    `\`/requests ${request.id}\` shows its history; ask again if you still need it.`,
  );
}

/** Why nobody can answer it at this moment; `undefined` while it waits. */
export function refuseAnswer(request: PlatformRequest): Problem | undefined {
  if (request.status === 'waiting') return undefined;
  if (isEnded(request)) return endedProblem(request);
  return problem(
    'not_waiting',
    `${request.id} is not waiting for an answer.`,
    `See \`/requests ${request.id}\` for where it stands.`,
  );
}

export function outOfDateProblem(request: PlatformRequest): Problem {
  return problem(
    'out_of_date',
    `${request.id} has changed since this card was drawn.`,
    'Look at the newest card and decide again.',
  );
}

export function ownRequestProblem(): Problem {
  return problem(
    'own_request',
    'You asked for this one, so someone else must answer it.',
    'Ask one of the people named on the card.',
  );
}
