/**
 * The only way to write: load, decide, advance, append; again from the start when somebody else wrote meanwhile.
 */
import { advance, type RequestCommand } from '../core/advance.ts';
import type { Advance } from '../core/advance-result.ts';
import { type CodeUse, codeSpent } from '../core/codes.ts';
import { apply } from '../core/fold.ts';
import type { RequestId } from '../core/ids.ts';
import { ok, type Problem, problem, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest, RequestEvent } from '../core/request.ts';
import type { Claim, Evaluation } from '../core/store.ts';
import type { DeskContext } from './context.ts';
import { noticesFor } from './notices.ts';

/** What to do with the request as it is now: commands in order, each decided on what the one before left. */
export interface Decision {
  readonly commands: readonly RequestCommand[];
  readonly evaluation?: Evaluation;
  /** Spent with it. */
  readonly code?: CodeUse;
}

export type Decide = (request: PlatformRequest) => Result<Decision> | Promise<Result<Decision>>;

/** Two writers at once are common, five in a row are not: then something else is wrong. */
const attemptsMax = 5;

export async function write(
  context: DeskContext,
  id: RequestId,
  decide: Decide,
  claim?: Claim,
): Promise<Result<PlatformRequest>> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const request = await context.store.load(id);
    if (!request) return refuse(unknownRequest(id));
    const decision = await decide(request);
    if (!decision.ok) return decision;

    const advanced = advanceAll(request, decision.value.commands, context.clock.now());
    if (!advanced.ok) return refuse(advanced.problem);
    const { evaluation, code } = decision.value;
    if (advanced.events.length === 0 && !evaluation) return ok(request);

    const appended = await context.store.append({
      requestId: id,
      expectedVersion: request.version,
      events: advanced.events,
      notices: noticesFor(request, advanced.events),
      ...(evaluation ? { evaluation } : {}),
      ...(claim ? { claim } : {}),
      ...(code ? { code } : {}),
    });
    if (appended.outcome === 'appended') {
      if (advanced.events.length > 0) context.changed();
      return ok(appended.request);
    }
    if (appended.outcome === 'lease_lost') return refuse(leaseLost(id));
    // By another click of theirs in this moment.
    if (appended.outcome === 'code_spent') return refuse(codeSpent());
  }
  return refuse(tooBusy(id));
}

function advanceAll(request: PlatformRequest, commands: readonly RequestCommand[], now: number): Advance {
  const events: RequestEvent[] = [];
  let current = request;
  for (const command of commands) {
    const advanced = advance(current, command, now);
    if (!advanced.ok) return advanced;
    events.push(...advanced.events);
    current = advanced.events.reduce(apply, current);
  }
  return { ok: true, events };
}

export function unknownRequest(id: RequestId): Problem {
  return problem(
    'unknown_request',
    `There is no request ${id}.`,
    '`/requests` lists yours and those waiting for you.',
  );
}

function leaseLost(id: RequestId): Problem {
  return problem('conflict', `${id} is carried out elsewhere now.`, 'The card shows how it goes on.');
}

function tooBusy(id: RequestId): Problem {
  return problem('busy', `Many people are answering ${id} at this moment.`, 'Try again.', {
    isTransient: true,
  });
}
