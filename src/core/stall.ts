/**
 * What is approved, held or only asked, and cannot go on because something outside does not answer: said once, told once
 * more when it goes on, and ended when nobody can want it any more. How often it was tried in between is no event. Pure.
 */
import { dayMs, formatDuration, minuteMs, secondMs } from './duration.ts';
import type { Moment } from './ids.ts';
import { type Problem, problem } from './problem.ts';
import type { PlatformRequest, RequestEvent } from './request.ts';

export type StallEvent = { readonly at: Moment } & (
  | { readonly type: 'stalled'; readonly problem: Problem; readonly until: Moment }
  | { readonly type: 'resumed' }
);

export type StallCommand =
  | { readonly type: 'stall'; readonly problem: Problem }
  | { readonly type: 'resume' };

export interface Stall {
  readonly since: Moment;
  readonly problem: Problem;
  /** When it is given up. */
  readonly until: Moment;
}

/** All in milliseconds. */
export const stallLimits = {
  /** Most outages are over before a person could do anything about them. */
  tellAfterMs: minuteMs,
  /** Nobody minds a start that is late by this much; a rate limit of a call a second is not felt. */
  retryMinMs: 15 * secondMs,
  /** After hours of silence it goes on within five minutes of the first answer. */
  retryMaxMs: 5 * minuteMs,
  /** Whoever asked still waits for the guardrails' first word: a form can be sent again. */
  unjudgedMs: 10 * minuteMs,
  /** Where nobody had to answer; else what people agreed to is as old as the policy lets an unanswered request be. */
  giveUpAfterMs: dayMs,
} as const;

/** Only for a request that the guardrails may still judge. Nothing when there is nothing new to say. */
export function advanceStall(
  request: PlatformRequest,
  command: StallCommand,
  now: Moment,
): readonly RequestEvent[] {
  const { stall } = request;
  if (command.type === 'resume') return stall ? [{ type: 'resumed', at: now }] : [];
  const { problem: cause } = command;
  const until = stall?.until ?? firstUntil(request, now);
  if (now >= until) {
    const silenceMs = now - silentSince(request);
    return [{ type: 'failed', at: now, problem: gaveUp(request, cause, silenceMs), remains: [] }];
  }
  if (stall || now < silentSince(request) + stallLimits.tellAfterMs) return [];
  return [{ type: 'stalled', at: now, problem: cause, until }];
}

/** When to try again: rarer the longer the outside is silent, or when it asks us to; often where only others were faster. */
export function retryAt(request: PlatformRequest, { code, retryAfterMs = 0 }: Problem, now: Moment): Moment {
  const { retryMinMs, retryMaxMs } = stallLimits;
  // Somebody still looks at the form that asked; and a store with others in it answers at the next try.
  const isSoon = request.status === 'submitted' || code === 'busy' || code === 'conflict';
  const silence = isSoon ? 0 : now - silentSince(request);
  return now + Math.max(retryAfterMs, Math.min(retryMaxMs, Math.max(retryMinMs, silence)));
}

/** Only what was told must be taken back. */
export function applyStall(request: PlatformRequest, event: StallEvent): PlatformRequest {
  if (event.type === 'stalled') {
    const { at: since, problem: cause, until } = event;
    // It has a card from now on: whoever asked has stopped waiting for the answer.
    // Whoever was woken in a queue is due by its row alone, which is written anew from here.
    const { dueAt = since } = request;
    return { ...request, isShown: true, dueAt, stall: { since, problem: cause, until } };
  }
  const { stall: _stall, ...rest } = request;
  return rest;
}

/** Since when it could have gone on, as far as is known. */
function silentSince({ stall, status, createdAt, dueAt, updatedAt }: PlatformRequest): Moment {
  if (status === 'submitted') return createdAt;
  return stall?.since ?? dueAt ?? updatedAt;
}

/** Counted from when it was first seen to be silent: while Greenlight itself was down nobody has tried. */
function firstUntil({ status, createdAt, requirements }: PlatformRequest, now: Moment): Moment {
  if (status === 'submitted') return createdAt + stallLimits.unjudgedMs;
  const answers = requirements.map(({ expiresAfterMs }) => expiresAfterMs);
  return now + Math.min(...(answers.length === 0 ? [stallLimits.giveUpAfterMs] : answers));
}

function gaveUp({ id }: PlatformRequest, cause: Problem, silenceMs: number): Problem {
  const { sentence, next: _next, isTransient: _isTransient, retryAfterMs: _after, ...rest } = cause;
  return problem(
    rest.code,
    `${sentence} ${id} could not begin for ${formatDuration(silenceMs)}, and nothing was changed.`,
    'Ask again once that answers.',
    rest,
  );
}
