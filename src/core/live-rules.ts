/** What may become of an environment next: the part of `advance` that speaks of a request whose environment lives. */
import type { Moment, RequestId } from './ids.ts';
import type { LifeChange, LifeSighting } from './life.ts';
import { lifeOf } from './live-on.ts';
import { ok, type Problem, problem, type Result, refuse } from './problem.ts';
import type { PlatformRequest, RequestEvent } from './request.ts';

type Events = Result<readonly RequestEvent[]>;

/** Made once for each request that asks for it, however often it is reported. */
export function changeLife(
  request: PlatformRequest,
  change: LifeChange,
  { by, isUse }: { readonly by: RequestId; readonly isUse: boolean },
  now: Moment,
): Events {
  const life = lifeOf(request);
  if (life.changedBy.includes(by)) return ok([]);
  const event = { ...change, at: now, by, isUse };
  const environment = request.outputs?.environment;
  if (environment && change.type === 'retired') return ok(isOver(request) ? [] : [event]);
  if (!environment || isOver(request) || environment.expiresAt <= now) {
    return refuse(timeOverProblem(request.target.name));
  }
  const from = endFrom(change);
  if (from !== undefined && from !== environment.expiresAt) return refuse(endMovedProblem(environment.name));
  if (change.type === 'slept' && life.sleep) return refuse(asleepProblem(environment.name));
  if (change.type === 'woken' && !life.sleep) return refuse(awakeProblem(environment.name));
  return ok([event]);
}

/** Of one that is over nothing more is seen. */
export function sight(request: PlatformRequest, sighting: LifeSighting, now: Moment): Events {
  return ok(isOver(request) || !request.outputs?.environment ? [] : [{ ...sighting, at: now }]);
}

/** Once announced it is due at the end itself; one that was extended, or whose end has come, is not announced. */
export function announcement(request: PlatformRequest, now: Moment): RequestEvent[] {
  const { dueAt, outputs } = request;
  const end = outputs?.environment?.expiresAt;
  const isSoon = end !== undefined && dueAt !== undefined && dueAt <= now && now < end;
  return isSoon ? [{ type: 'end_announced', at: now, end }] : [];
}

/** Whether the environment that it made is no longer there. */
export function isOver({ retiredBy, life }: PlatformRequest): boolean {
  return retiredBy !== undefined || life?.goneAt !== undefined;
}

export function endMovedProblem(environment: string): Problem {
  return problem('conflict', `The end of ${environment} was moved meanwhile.`, 'Ask again from the new end.');
}

export function timeOverProblem(environment: string): Problem {
  return problem(
    'not_found',
    `The time of ${environment} is over, or it was removed.`,
    'Ask for a new one: `/env create`.',
  );
}

export function asleepProblem(environment: string): Problem {
  return problem('conflict', `${environment} sleeps already.`, `Wake it: \`/env wake ${environment}\`.`);
}

export function awakeProblem(environment: string): Problem {
  return problem('conflict', `${environment} is awake already.`, `Look at it: \`/env show ${environment}\`.`);
}

function endFrom(change: LifeChange): Moment | undefined {
  switch (change.type) {
    case 'extended':
    case 'kept':
      return change.from;
    case 'slept':
      return change.end?.from;
    default:
      return undefined;
  }
}
