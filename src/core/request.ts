/**
 * A request is the fold of its events. `apply` is total and pure: the same events give the same request, in the
 * store, in a test and on another machine. What may happen next is decided in advance.ts.
 */
import type { Outputs, Preview, StepResult, Target } from './action.ts';
import type { Effect } from './facts.ts';
import type { Moment, RequestId } from './ids.ts';
import type { Person } from './person.ts';
import type { Problem } from './problem.ts';
import type { Requirement, Review, Verdict } from './verdict.ts';

export const openStatuses = ['submitted', 'waiting', 'held', 'approved', 'running', 'undoing'] as const;
export const endedStatuses = ['succeeded', 'failed', 'denied', 'cancelled', 'expired'] as const;
export type EndedStatus = (typeof endedStatuses)[number];
export type RequestStatus = (typeof openStatuses)[number] | EndedStatus;

/** Where it was asked, so that the private answer finds its way back. */
export interface Origin {
  readonly surface: 'command' | 'modal' | 'button' | 'system';
  /** The chat channel, when there is one. */
  readonly channel?: string;
}

export interface PlannedStep {
  readonly id: string;
  readonly title: string;
}

export interface RunStep extends PlannedStep {
  readonly state: 'pending' | 'running' | 'done' | 'failed' | 'undoing' | 'undone' | 'undo_failed';
  /** How often an intent was written. */
  readonly attempts: number;
  readonly startedAt?: Moment;
  readonly undoStartedAt?: Moment;
  readonly endedAt?: Moment;
  readonly note?: string;
  readonly progress: readonly string[];
  readonly result?: StepResult;
}

/** Why a run is being taken back. */
export type UndoCause =
  | { readonly kind: 'failed'; readonly step: string; readonly problem: Problem }
  | { readonly kind: 'cancelled'; readonly by: Person };

export type RequestEvent = { readonly at: Moment } & (
  | {
      readonly type: 'requested';
      readonly id: RequestId;
      readonly action: string;
      readonly effect: Effect;
      readonly input: Readonly<Record<string, unknown>>;
      readonly target: Target;
      readonly requester: Person;
      readonly origin: Origin;
      readonly channel: 'requests' | 'deploys';
    }
  /** The guardrails spoke; the preview and digest are what people will see and agree to. */
  | {
      readonly type: 'evaluated';
      readonly verdict: Verdict;
      readonly preview: Preview;
      readonly digest: string;
      readonly plan: readonly PlannedStep[];
    }
  /** What was to be approved is no longer what would run: reviews so far are void. */
  | { readonly type: 'moved'; readonly what: readonly string[] }
  | { readonly type: 'reviewed'; readonly review: Review }
  | { readonly type: 'approved'; readonly because: 'policy' | 'quorum' }
  | { readonly type: 'denied'; readonly by: 'policy' | 'reviewer' }
  | { readonly type: 'cancelled'; readonly by: Person }
  | { readonly type: 'expired' }
  | { readonly type: 'started'; readonly plan: readonly PlannedStep[] }
  /** The intent: written before the effect. */
  | { readonly type: 'step_started'; readonly step: string }
  | {
      readonly type: 'step_waiting';
      readonly step: string;
      readonly note: string;
      readonly progress: readonly string[];
      readonly until: Moment;
    }
  | {
      readonly type: 'step_done';
      readonly step: string;
      readonly result?: StepResult;
      readonly note?: string;
    }
  | {
      readonly type: 'step_retrying';
      readonly step: string;
      readonly problem: Problem;
      readonly until: Moment;
    }
  | { readonly type: 'undo_started'; readonly cause: UndoCause }
  | { readonly type: 'undo_step_started'; readonly step: string }
  | { readonly type: 'undo_waiting'; readonly step: string; readonly note: string; readonly until: Moment }
  | { readonly type: 'step_undone'; readonly step: string }
  | { readonly type: 'undo_failed'; readonly step: string; readonly problem: Problem }
  | { readonly type: 'succeeded'; readonly outputs: Outputs }
  | { readonly type: 'failed'; readonly problem: Problem; readonly remains: readonly string[] }
  /** What it made is gone again: taken away by another request. */
  | { readonly type: 'retired'; readonly by: RequestId }
);

export type EventType = RequestEvent['type'];
export type EventOf<Type extends EventType> = Extract<RequestEvent, { type: Type }>;

/** An event as the store keeps it: numbered from 1 within its request. */
export interface RecordedEvent {
  readonly seq: number;
  readonly event: RequestEvent;
}

export interface PlatformRequest {
  readonly id: RequestId;
  /** How many events made it. */
  readonly version: number;
  readonly status: RequestStatus;
  readonly action: string;
  readonly effect: Effect;
  readonly input: Readonly<Record<string, unknown>>;
  readonly target: Target;
  readonly requester: Person;
  readonly origin: Origin;
  readonly channel: 'requests' | 'deploys';
  readonly createdAt: Moment;
  readonly updatedAt: Moment;

  /** Whether it has a card: what the guardrails refuse at once is told to the requester alone. */
  readonly isShown: boolean;
  readonly verdict?: Verdict;
  readonly preview?: Preview;
  readonly digest?: string;
  /** Still to be met; those of the newest verdict. */
  readonly requirements: readonly Requirement[];
  /** Of the newest digest; an older one's are void. */
  readonly reviews: readonly Review[];
  /** How often what was to be approved has moved. */
  readonly moves: number;
  /** When it ends unanswered. */
  readonly answerBy?: Moment;
  readonly approvedAt?: Moment;
  readonly approvedBecause?: 'policy' | 'quorum';
  readonly deniedBy?: 'policy' | 'reviewer';
  readonly cancelledBy?: Person;

  /** The plan as soon as it is known, with what became of each step. */
  readonly steps: readonly RunStep[];
  readonly startedAt?: Moment;
  readonly endedAt?: Moment;
  /** When the runner has something to do next; for an environment, when its time is over. */
  readonly dueAt?: Moment;
  readonly undoCause?: UndoCause;
  readonly outputs?: Outputs;
  readonly problem?: Problem;
  /** What an undo could not take back. */
  readonly remains: readonly string[];
  readonly retiredBy?: RequestId;
}

/** Whoever submitted it evaluates it at once; the runner does when they have not by then (a crash in between). */
export const evaluateGraceMs = 15_000;

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
  return { ...change(request, event), version: request.version + 1, updatedAt: event.at };
}

function change(request: PlatformRequest, event: RequestEvent): PlatformRequest {
  switch (event.type) {
    case 'requested':
      throw new Error(`${request.id} was requested already`);
    case 'evaluated':
      return evaluated(request, event);
    case 'moved':
      return { ...request, reviews: [], moves: request.moves + 1 };
    case 'reviewed':
      return { ...request, reviews: [...request.reviews, event.review] };
    case 'approved':
      return {
        ...request,
        status: 'approved',
        approvedAt: event.at,
        approvedBecause: event.because,
        dueAt: event.at,
      };
    case 'denied':
      return { ...ended(request, 'denied', event.at), deniedBy: event.by };
    case 'cancelled':
      return { ...ended(request, 'cancelled', event.at), cancelledBy: event.by };
    case 'expired':
      return ended(request, 'expired', event.at);
    case 'started':
      return {
        ...request,
        status: 'running',
        startedAt: event.at,
        steps: event.plan.map(pendingStep),
        dueAt: event.at,
      };
    case 'step_started':
      return {
        ...withStep(request, event.step, (step) => ({
          ...step,
          state: 'running',
          attempts: step.attempts + 1,
          startedAt: step.startedAt ?? event.at,
        })),
        dueAt: event.at,
      };
    case 'step_waiting':
      return {
        ...withStep(request, event.step, (step) => ({ ...step, note: event.note, progress: event.progress })),
        dueAt: event.until,
      };
    case 'step_done':
      return {
        ...withStep(request, event.step, ({ note: _note, ...step }) => ({
          ...step,
          state: 'done',
          endedAt: event.at,
          ...(event.note === undefined ? {} : { note: event.note }),
          ...(event.result === undefined ? {} : { result: event.result }),
        })),
        dueAt: event.at,
      };
    case 'step_retrying':
      return {
        ...withStep(request, event.step, (step) => ({ ...step, note: event.problem.sentence })),
        dueAt: event.until,
      };
    case 'undo_started':
      return undoStarted(request, event);
    case 'undo_step_started':
      return {
        ...withStep(request, event.step, (step) => ({
          ...step,
          state: 'undoing',
          undoStartedAt: step.undoStartedAt ?? event.at,
        })),
        dueAt: event.at,
      };
    case 'undo_waiting':
      return {
        ...withStep(request, event.step, (step) => ({ ...step, note: event.note })),
        dueAt: event.until,
      };
    case 'step_undone':
      return {
        ...withStep(request, event.step, ({ note: _note, ...step }) => ({
          ...step,
          state: 'undone',
          endedAt: event.at,
        })),
        dueAt: event.at,
      };
    case 'undo_failed':
      return {
        ...withStep(request, event.step, (step) => ({
          ...step,
          state: 'undo_failed',
          note: event.problem.sentence,
        })),
        dueAt: event.at,
      };
    case 'succeeded': {
      const end = event.outputs.environment?.expiresAt;
      return {
        ...ended(request, 'succeeded', event.at),
        outputs: event.outputs,
        ...(end === undefined ? {} : { dueAt: end }),
      };
    }
    case 'failed':
      return { ...ended(request, 'failed', event.at), problem: event.problem, remains: event.remains };
    case 'retired': {
      const { dueAt: _dueAt, ...rest } = request;
      return { ...rest, retiredBy: event.by };
    }
  }
}

function evaluated(request: PlatformRequest, event: EventOf<'evaluated'>): PlatformRequest {
  const { answerBy: _answerBy, dueAt: _dueAt, ...rest } = request;
  const { verdict, preview, digest } = event;
  const known: PlatformRequest = {
    ...rest,
    verdict,
    preview,
    digest,
    isShown: request.isShown || verdict.outcome !== 'deny',
    requirements: verdict.requirements,
    steps: event.plan.map(pendingStep),
  };
  switch (verdict.outcome) {
    case 'require_approval': {
      // The clock of an answer starts once; being evaluated again does not win people more time. A move does.
      const anew = event.at + Math.min(...verdict.requirements.map((one) => one.expiresAfterMs));
      const answerBy = request.digest === digest ? (request.answerBy ?? anew) : anew;
      return { ...known, status: 'waiting', answerBy, dueAt: answerBy };
    }
    case 'hold':
      return { ...known, status: 'held', dueAt: verdict.hold?.until ?? event.at + holdRetryMs };
    case 'allow':
    case 'deny':
      // `approved` or `denied` follows in the same change.
      return known;
  }
}

/** A window that cannot tell when it ends is asked again after this long. */
export const holdRetryMs = 5 * 60_000;

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

function ended(request: PlatformRequest, status: RequestStatus, at: Moment): PlatformRequest {
  const { dueAt: _dueAt, answerBy: _answerBy, ...rest } = request;
  return { ...rest, status, endedAt: at };
}

function pendingStep(step: PlannedStep): RunStep {
  return { id: step.id, title: step.title, state: 'pending', attempts: 0, progress: [] };
}

function withStep(request: PlatformRequest, id: string, update: (step: RunStep) => RunStep): PlatformRequest {
  return { ...request, steps: request.steps.map((step) => (step.id === id ? update(step) : step)) };
}

export function isEnded(
  request: PlatformRequest,
): request is PlatformRequest & { readonly status: EndedStatus } {
  return (endedStatuses as readonly RequestStatus[]).includes(request.status);
}
