/** What a step gets to see, made from the stored request alone: nothing is kept in memory between two steps. */
import type { Actions, ChangeAction, ReadContext, Step, StepContext } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import type { RequestId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import { resultsOf } from '../core/plan.ts';
import type { Clock } from '../core/ports.ts';
import { type Problem, problem, type Result } from '../core/problem.ts';
import type { PlatformRequest, RunStep } from '../core/request.ts';
import type { RunDesk } from '../desk/carry.ts';
import { whileOurs } from './while-ours.ts';

export interface StepRunContext {
  readonly desk: RunDesk;
  decide(id: RequestId): Promise<Result<PlatformRequest>>;
  readonly actions: Actions;
  readonly clock: Clock;
  /** Whether another step may begin, at this very moment: not for one who ends. */
  mayGoOn(): boolean;
  /** Whether it is still ours to carry on, at this very moment: asked before each write to the outside. */
  isOurs(): boolean;
  /** What may be read on behalf of this person at this moment. */
  reading(requester: Person): ReadContext;
  /** What the outside knows the request by: `REQ-12-m3k9x1f`. */
  requestKey(request: PlatformRequest): string;
}

/** The action's own steps, as today's code has them. */
export function stepsOf(context: StepRunContext, request: PlatformRequest) {
  const action = context.actions.get(request.action);
  if (!action || action.effect === 'read') return undefined;
  const parsed = action.input.safeParse(request.input);
  if (!parsed.success) return undefined;
  const input: KnownInput = parsed.data;
  const { catalog } = context.reading(request.requester);
  return { action, input, steps: new Map(planNow(action, input, catalog).map((step) => [step.id, step])) };
}

/** None when it cannot be told any more: a run whose plan threw would be neither carried on nor taken back, for ever. */
function planNow(action: ChangeAction, input: KnownInput, catalog: Catalog): readonly KnownStep[] {
  try {
    return action.steps(input, catalog);
  } catch {
    return [];
  }
}

export type KnownRun = NonNullable<ReturnType<typeof stepsOf>>;
export type KnownStep = Step<KnownInput>;
type KnownInput = Parameters<ChangeAction['steps']>[0];

export function stepContext(context: StepRunContext, request: PlatformRequest, step: RunStep): StepContext {
  const key = context.requestKey(request);
  const reading = context.reading(request.requester);
  const stepStartedAt = step.undoStartedAt ?? step.startedAt ?? reading.now;
  return {
    ...reading,
    ...whileOurs(reading, context.isOurs),
    request: { id: request.id, key, target: request.target },
    resolved: request.preview?.resolved ?? {},
    results: resultsOf(request.steps),
    stepStartedAt,
    // An older version beside us begins an undo without forgetting how long the step itself has waited.
    waitingSince: Math.max(stepStartedAt, step.waitingSince ?? reading.now),
    attemptedAt: step.attemptedAt ?? stepStartedAt,
    idempotencyKey: `${key}:${step.id}`,
    fence: request.lock?.fence,
  };
}

/** A newer version of the bot no longer has a step that this run was planned with. */
export function planChanged(): Problem {
  return problem(
    'plan_changed',
    'This version of Greenlight no longer knows how to go on with it.',
    'Ask for it again.',
  );
}
