/** What a command gives: events, or the problem that forbids them. */
import { type Problem, problem } from './problem.ts';
import { endedProblem } from './refusals.ts';
import { isEnded, type PlatformRequest, type RequestEvent, type RequestStatus } from './request.ts';

export type Advance =
  | { readonly ok: true; readonly events: readonly RequestEvent[] }
  | { readonly ok: false; readonly problem: Problem };

/** Only in these statuses. */
export function from(
  request: PlatformRequest,
  statuses: readonly RequestStatus[],
  events: () => RequestEvent[],
): Advance {
  if (statuses.includes(request.status)) return accepted(events());
  if (isEnded(request)) return refused(endedProblem(request));
  return refused(
    problem(
      'conflict',
      `${request.id} has moved on meanwhile.`,
      `See \`/requests ${request.id}\` for where it stands.`,
      {
        detail: `status ${request.status}, wanted ${statuses.join(' or ')}`,
      },
    ),
  );
}

export function accepted(events: readonly RequestEvent[]): Advance {
  return { ok: true, events };
}

export function refused(cause: Problem): Advance {
  return { ok: false, problem: cause };
}
