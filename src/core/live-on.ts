/** The fold of an environment's life: what each of its events makes of the request that it belongs to. */
import type { Moment, RequestId } from './ids.ts';
import { type Life, type LifeChange, type LifeSighting, type LifeSpan, micros } from './life.ts';
import { announceAt } from './lifetime.ts';
import type { Extension, PlatformRequest } from './request.ts';

/** As the store keeps them. `isUse`: a person asked for it, not a schedule. */
export type LifeEvent = { readonly at: Moment } & (
  | (LifeChange & { readonly by: RequestId; readonly isUse?: boolean })
  | LifeSighting
);

/** The life of the environment that this request made; before anything has become of it, as it began. */
export function lifeOf(request: PlatformRequest): Life {
  const { life, startedAt, createdAt, endedAt, preview } = request;
  if (life) return life;
  const cost = preview?.cost;
  const perHour = cost === undefined || cost === 'unknown' ? 0 : micros(cost.perHour);
  return {
    spans: [{ from: startedAt ?? createdAt, isAsleep: false, perHour, team: request.target.team }],
    changedBy: [],
    usedAt: endedAt ?? createdAt,
  };
}

export function liveOn(request: PlatformRequest, event: LifeEvent): PlatformRequest {
  const before = lifeOf(request);
  const life =
    'by' in event
      ? {
          ...before,
          changedBy: [...before.changedBy, event.by],
          usedAt: event.isUse ? event.at : before.usedAt,
        }
      : before;
  switch (event.type) {
    case 'retired': {
      const { dueAt: _dueAt, ...rest } = request;
      return { ...rest, retiredBy: event.by, life: { ...life, endedAt: event.at } };
    }
    case 'gone': {
      const { dueAt: _dueAt, ...rest } = request;
      return { ...rest, life: { ...life, goneAt: event.at, endedAt: event.at } };
    }
    case 'extended': {
      const from = request.outputs?.environment?.expiresAt ?? event.at;
      return extended({ ...request, life }, { by: event.by, at: event.at, from, until: event.until });
    }
    case 'kept':
      return ending({ ...request, life: { ...life, keptBy: event.by } }, event.until, event.at);
    case 'slept': {
      const { wakesAt, end } = event;
      const sleep = { since: event.at, ...(wakesAt === undefined ? {} : { wakesAt }) };
      const asleep = {
        ...request,
        life: { ...spanning(life, event.at, { perHour: event.perHour, isAsleep: true }), sleep },
      };
      // Or whoever sleeps for a minute and wakes again would have days that nobody agreed to.
      return end ? extended(asleep, { by: event.by, at: event.at, ...end }) : asleep;
    }
    case 'woken': {
      const { sleep: _sleep, ...awake } = life;
      return { ...request, life: spanning(awake, event.at, { perHour: event.perHour, isAsleep: false }) };
    }
    case 'repriced':
      return { ...request, life: spanning(life, event.at, { perHour: event.perHour }) };
    case 'scheduled': {
      const { nights: _nights, ...rest } = life;
      return {
        ...request,
        life: event.nights === 'default' ? rest : { ...rest, nights: event.nights },
      };
    }
    case 'handed_over':
      return owned({ ...request, life: spanning(life, event.at, { team: event.team }) }, event.team);
    case 'used':
      return { ...request, life: { ...life, usedAt: event.at } };
    case 'repaired':
      return { ...request, life };
  }
}

/** Whose it is decides who may do what with it: the target too, or the next approval would ask the former team. */
function owned(request: PlatformRequest, team: string): PlatformRequest {
  const { outputs } = request;
  const environment = outputs?.environment;
  return {
    ...request,
    target: { ...request.target, team },
    ...(environment ? { outputs: { ...outputs, environment: { ...environment, team } } } : {}),
  };
}

function extended(request: PlatformRequest, extension: Extension): PlatformRequest {
  const { extensions = [] } = request;
  return { ...ending(request, extension.until, extension.at), extensions: [...extensions, extension] };
}

function ending(request: PlatformRequest, until: Moment, at: Moment): PlatformRequest {
  const { outputs } = request;
  const environment = outputs?.environment;
  if (!environment) throw new Error(`${request.id} has no environment to extend`);
  return {
    ...request,
    outputs: { ...outputs, environment: { ...environment, expiresAt: until } },
    dueAt: announceAt(at, until),
  };
}

/** From now on something of its cost is different; the rest stays. */
function spanning(life: Life, from: Moment, change: Partial<LifeSpan>): Life {
  const [last = { isAsleep: false, perHour: 0, team: '' }] = life.spans.slice(-1);
  return { ...life, spans: [...life.spans, { ...last, ...change, from }] };
}
