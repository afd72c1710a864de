/**
 * Taking a run back: every step that was begun, in reverse of the plan, which is in an order in which each step comes
 * after all that it needs. What cannot be taken back is named, and the rest goes on.
 */
import { formatDuration, minuteMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import { type Problem, problem, problemFrom } from '../core/problem.ts';
import type { PlatformRequest, RunStep } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import { tryingSince } from '../core/trying-since.ts';
import { retryIn, transientMax } from './retry.ts';
import { type KnownStep, planChanged, type StepRunContext, stepContext, stepsOf } from './step-context.ts';

/** How long one step's undo may wait: longer than any that says itself what it hangs on. The lock is kept all the while. */
const waitMax = 30 * minuteMs;

export async function undoSteps(
  context: StepRunContext,
  claimed: PlatformRequest,
  claim: Claim,
): Promise<Moment | undefined> {
  let request = claimed;
  while (request.status === 'undoing') {
    const steps = stepsOf(context, request)?.steps;
    const next = request.steps.findLast((step) => isToUndo(step, steps?.get(step.id)));
    if (!next) {
      await context.desk.endUndo(request.id, claim);
      return undefined;
    }
    const begun =
      next.state === 'undoing'
        ? { ok: true as const, value: request }
        : await context.desk.beginUndo(request.id, next.id, claim);
    if (!begun.ok) return undefined;
    if (!context.mayGoOn()) return undefined;
    const after = await undoOne(context, begun.value, next.id, claim);
    if (typeof after === 'number' || after === undefined) return after;
    request = after;
  }
  return undefined;
}

/** Begun, whether its result is known or not, and not yet taken back. */
function isToUndo(step: RunStep, known: KnownStep | undefined): boolean {
  // The step that failed made nothing that its own undo would have to take away: the card goes on saying that it failed.
  if (step.state === 'failed' && known && !known.undo) return false;
  return step.attempts > 0 && step.state !== 'undone' && step.state !== 'undo_failed';
}

/** The request as it is after this step's undo, or when to look again, or nothing when the request says so itself. */
async function undoOne(
  context: StepRunContext,
  request: PlatformRequest,
  stepId: string,
  claim: Claim,
): Promise<PlatformRequest | Moment | undefined> {
  const known = stepsOf(context, request);
  const step = known?.steps.get(stepId);
  const current = request.steps.find((one) => one.id === stepId);
  if (!current) return undefined;
  // A plan that has changed since it was carried out may still know how: by what the run remembered.
  const undo = step ? step.undo : known?.action.undoForgotten?.(stepId);
  if (!known || !(step || undo)) return nameAsRemaining(context, request, stepId, planChanged(), claim);
  const now = context.clock.now();
  const stepRun = stepContext(context, request, current);
  try {
    const outcome = undo
      ? await undo(known.input, stepRun)
      : // Without an undo of its own it leaves nothing behind that a step before it does not take away.
        ({ state: 'done' } as const);
    if (outcome.state === 'done') {
      const done = await context.desk.reportUndo(request.id, stepId, outcome, claim);
      return done.ok ? done.value : undefined;
    }
    const isOverdue = now - stepRun.waitingSince >= waitMax;
    // Once more after that, and written down: nobody may have been there to look for as long.
    const note = isOverdue ? `${withoutStop(outcome.note)}; it is looked at once more` : outcome.note;
    if (current.waitingSince !== undefined && note === current.note) {
      if (!isOverdue) return now + outcome.againInMs;
      return nameAsRemaining(context, request, stepId, stillThere(outcome.note), claim);
    }
    await context.desk.reportUndo(request.id, stepId, { ...outcome, note }, claim);
    return undefined;
  } catch (error) {
    const cause = problemFrom(error);
    // Not since the undo began: it may have waited for long, or nobody was there to go on with it. Nor since before.
    const trying = now - Math.max(stepRun.stepStartedAt, tryingSince(current, now));
    if (cause.isTransient && trying < transientMax) {
      await context.desk.retryUndo(request.id, stepId, cause, now + retryIn(cause, trying), claim);
      return undefined;
    }
    return nameAsRemaining(context, request, stepId, cause, claim);
  }
}

function withoutStop(note: string): string {
  return note.replace(/\.$/, '');
}

function stillThere(note: string): Problem {
  return problem(
    'undo_failed',
    `It has not been taken back within ${formatDuration(waitMax)}: ${withoutStop(note)}.`,
    'Somebody must clear what it waits for by hand.',
  );
}

async function nameAsRemaining(
  context: StepRunContext,
  request: PlatformRequest,
  stepId: string,
  cause: Problem,
  claim: Claim,
): Promise<PlatformRequest | undefined> {
  const failed = await context.desk.failUndo(request.id, stepId, cause, claim);
  return failed.ok ? failed.value : undefined;
}
