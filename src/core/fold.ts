/**
 * The fold: `apply` is total and pure, so the same events give the same request, in the store, in a test and on
 * another machine.
 */
import { applyAsking } from './asking.ts';
import { applyEvaluated, evaluateGraceMs, isOverdue, pendingStep } from './evaluated.ts';
import { applyGlass } from './glass.ts';
import type { Moment } from './ids.ts';
import { announceAt } from './lifetime.ts';
import { liveOn } from './live-on.ts';
import { applyLock, livingOn, taken } from './lock-life.ts';
import { openSteps } from './plan.ts';
import type { EventOf, PlatformRequest, RequestEvent, RequestStatus, RunStep } from './request.ts';
import { applyReviews } from './review-life.ts';
import { applyStall } from './stall.ts';
import { tryingSince } from './trying-since.ts';

/** @throws Error when the first event is not `requested`, or a later one is: the store never writes such a list. */
export function fold(events: readonly RequestEvent[]): PlatformRequest {
  const [first, ...rest] = events;
  if (first?.type !== 'requested') throw new Error('a request begins with the event "requested"');
  return rest.reduce(apply, begin(first));
}

function begin(event: EventOf<'requested'>): PlatformRequest {
  const { type: _type, at, ...asked } = event;
  return {
    ...asked,
    version: 1,
    status: 'submitted',
    createdAt: at,
    updatedAt: at,
    isShown: false,
    requirements: [],
    reviews: [],
    moves: 0,
    steps: [],
    remains: [],
    dueAt: at + evaluateGraceMs,
  };
}

export function apply(request: PlatformRequest, event: RequestEvent): PlatformRequest {
  const { queue, ...changed } = change(request, event);
  // Only what could start at any moment has a place in a queue.
  const queued = changed.status === 'approved' && queue ? { queue } : {};
  return { ...changed, ...queued, version: request.version + 1, updatedAt: event.at };
}

function change(request: PlatformRequest, event: RequestEvent): PlatformRequest {
  switch (event.type) {
    case 'requested':
      throw new Error(`${request.id} was requested already`);
    case 'evaluated':
      return applyEvaluated(request, event);
    case 'followed':
      return { ...request, followedBy: event.by };
    case 'moved': {
      const { lapsed: _lapsed, ...rest } = request;
      return {
        ...rest,
        reviews: [],
        voided: request.reviews,
        moves: request.moves + 1,
        moved: event.what,
        ...(request.asking ? { asking: { ...request.asking, rounds: [] } } : {}),
      };
    }
    case 'reviewed': {
      const { review } = event;
      const lapsed = request.lapsed?.filter(({ by }) => by !== review.by);
      return { ...request, reviews: [...request.reviews, review], ...(lapsed ? { lapsed } : {}) };
    }
    case 'approved':
      return {
        ...request,
        status: 'approved',
        approvedAt: event.at,
        approvedBecause: event.because,
        dueAt: Math.max(event.at, request.notBefore ?? event.at),
      };
    case 'denied':
      return { ...ended(request, 'denied', event.at), deniedBy: event.by };
    case 'cancelled':
      return {
        ...ended(request, 'cancelled', event.at),
        cancelledBy: event.by,
        ...(event.because ? { cancelledBecause: event.because } : {}),
      };
    case 'expired':
      return ended(request, 'expired', event.at);
    case 'started':
      return {
        ...request,
        status: 'running',
        startedAt: event.at,
        steps: event.plan.map(pendingStep),
        dueAt: event.at,
        ...(event.lock ? { lock: taken(event.lock, event.at) } : {}),
      };
    case 'step_started':
      return {
        ...withStep(request, event.step, (step) => ({
          ...step,
          state: 'running',
          attempts: step.attempts + 1,
          ...(step.startedAt === undefined ? { startedAt: event.at } : { attemptedAt: event.at }),
        })),
        dueAt: event.at,
      };
    case 'step_waiting':
      return {
        ...withStep(request, event.step, (step) => ({
          ...answering(step, event.at),
          note: event.note,
          progress: event.progress,
        })),
        dueAt: dueBeside(request, event),
      };
    case 'step_done':
      return {
        ...withStep(request, event.step, ({ note: _note, ...step }) => ({
          ...moving(step),
          state: 'done',
          endedAt: event.at,
          ...(event.note === undefined ? {} : { note: event.note }),
          ...(event.result === undefined ? {} : { result: event.result }),
        })),
        dueAt: event.at,
      };
    case 'step_retrying':
      return {
        ...withStep(request, event.step, (step) => ({
          ...step,
          note: event.problem.sentence,
          ...leftAlone(step, event, request),
        })),
        dueAt: dueBeside(request, event),
      };
    case 'undo_started':
      return undoStarted(request, event);
    case 'undo_step_started':
      return {
        ...withStep(request, event.step, (step) => ({
          ...moving(step),
          state: 'undoing',
          undoStartedAt: step.undoStartedAt ?? event.at,
        })),
        dueAt: event.at,
      };
    case 'undo_waiting':
      return {
        ...withStep(request, event.step, (step) => ({ ...answering(step, event.at), note: event.note })),
        dueAt: event.until,
      };
    case 'step_undone':
      return {
        ...withStep(request, event.step, ({ note: _note, ...step }) => ({
          ...moving(step),
          state: 'undone',
          endedAt: event.at,
          ...(event.note === undefined ? {} : { note: event.note }),
        })),
        dueAt: event.at,
      };
    case 'undo_failed':
      return {
        ...withStep(request, event.step, (step) => ({
          ...moving(step),
          state: 'undo_failed',
          note: event.problem.sentence,
        })),
        dueAt: event.at,
      };
    case 'succeeded': {
      const end = event.outputs.environment?.expiresAt;
      return livingOn({
        ...ended(request, 'succeeded', event.at),
        outputs: event.outputs,
        ...(end === undefined ? {} : { dueAt: announceAt(event.at, end) }),
      });
    }
    case 'failed':
      return {
        ...ended(request, 'failed', event.at),
        isShown: request.isShown || request.origin.isQuiet === true || isOverdue(request, event.at),
        problem: event.problem,
        remains: event.remains,
      };
    case 'end_announced':
      return { ...request, dueAt: event.end };
    case 'review_withdrawn':
    case 'reviews_lapsed':
    case 'edited':
    case 'narrowed':
      return applyReviews(request, event);
    case 'glass_broken':
    case 'glass_reviewed':
      return applyGlass(request, event);
    case 'asked':
    case 'reminded':
    case 'escalated':
      return applyAsking(request, event);
    case 'stalled':
    case 'resumed':
      return applyStall(request, event);
    case 'lock_queued':
    case 'lock_ended':
    case 'lock_handed_over':
    case 'lock_idle':
    case 'lock_kept':
      return applyLock(request, event);
    default:
      return liveOn(request, event);
  }
}

function undoStarted(request: PlatformRequest, event: EventOf<'undo_started'>): PlatformRequest {
  const undoing: PlatformRequest = { ...request, status: 'undoing', undoCause: event.cause, dueAt: event.at };
  if (event.cause.kind === 'cancelled') return undoing;
  const { step: failedStep, problem } = event.cause;
  return withStep(undoing, failedStep, (step) => ({
    ...step,
    state: 'failed',
    note: problem.sentence,
    progress: [],
  }));
}

/** It neither waits nor is tried again. */
function moving({ retryingSince: _since, retryAt: _at, waitingSince: _waiting, ...step }: RunStep): RunStep {
  return step;
}

/** Its outside has answered, and it waits. */
function answering(step: RunStep, at: Moment): RunStep {
  return { ...moving(step), waitingSince: step.waitingSince ?? at };
}

/** While its outside is away or asks for time, nothing can be tried: what counts how long a step takes stands still. */
function leftAlone(
  step: RunStep,
  { at, until, problem }: EventOf<'step_retrying'>,
  { lock }: PlatformRequest,
): Partial<RunStep> {
  const { retryingSince, waitingSince } = step;
  const isAskedToWait = retryingSince === undefined && problem.retryAfterMs !== undefined;
  return {
    retryingSince: isAskedToWait ? until : tryingSince(step, at),
    ...(lock?.end ? {} : { retryAt: until }),
    ...(waitingSince === undefined ? {} : { waitingSince: waitingSince + until - at }),
  };
}

/** A step that is left alone for long does not hold up the others: when they are to be asked again, their runner knows. */
function dueBeside(
  { status, steps, lock }: PlatformRequest,
  { step, at, until }: EventOf<'step_waiting' | 'step_retrying'>,
): Moment {
  // Taken back they are one after the other.
  if (status === 'undoing') return until;
  // It was lost while the step was being tried: there is something to do at once, to stop.
  if (lock?.end) return at;
  const others = openSteps(steps).filter(({ id }) => id !== step);
  return Math.min(until, ...others.map(({ retryAt = at }) => retryAt));
}

function ended(request: PlatformRequest, status: RequestStatus, at: Moment): PlatformRequest {
  const { dueAt: _dueAt, answerBy: _answerBy, stall: _stall, ...rest } = request;
  return { ...rest, status, endedAt: at };
}

function withStep(request: PlatformRequest, id: string, update: (step: RunStep) => RunStep): PlatformRequest {
  return { ...request, steps: request.steps.map((step) => (step.id === id ? update(step) : step)) };
}
