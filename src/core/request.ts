/**
 * A request is the fold of its events. `apply` is total and pure: the same events give the same request, in the
 * store, in a test and on another machine. What may happen next is decided in advance.ts.
 */
import type { Outputs, Preview, StepResult, Target } from './action.ts';
import type { Asking, AskingEvent } from './asking.ts';
import type { Effect } from './facts.ts';
import type { Bypass, Glass, GlassEvent } from './glass.ts';
import type { Moment, RequestId } from './ids.ts';
import type { Life } from './life.ts';
import type { LifeEvent } from './live-on.ts';
import type { Lock } from './lock.ts';
import type { LockEvent, LockQueue, TakenLock } from './lock-life.ts';
import type { Person } from './person.ts';
import type { Problem } from './problem.ts';
import type { FieldChange, Narrowing, ReviewLifeEvent } from './review-life.ts';
import type { Stall, StallEvent } from './stall.ts';
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
  /** Nobody waits for it (a night begins): it has a card only when somebody must act, or when it goes wrong. */
  readonly isQuiet?: boolean;
}

/** What somebody asked for, where something else is judged and carried out for it. */
export interface AskedAs {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface PlannedStep {
  readonly id: string;
  readonly title: string;
  /** Ids of earlier steps; the one before when not given. */
  readonly needs?: readonly string[];
}

export interface RunStep extends PlannedStep {
  readonly state: 'pending' | 'running' | 'done' | 'failed' | 'undoing' | 'undone' | 'undo_failed';
  /** How often an intent was written. */
  readonly attempts: number;
  readonly startedAt?: Moment;
  /** When the last of several was. */
  readonly attemptedAt?: Moment;
  readonly undoStartedAt?: Moment;
  /** Since when it (or then its undo) has said that it waits, without the time in which nothing could be tried. */
  readonly waitingSince?: Moment;
  /** Since when the outside that it needs has not answered; where that asked for time at once, from after that. */
  readonly retryingSince?: Moment;
  /** And until when it is left alone. */
  readonly retryAt?: Moment;
  readonly endedAt?: Moment;
  readonly note?: string;
  readonly progress: readonly string[];
  readonly result?: StepResult;
}

/** Why a run is being taken back. */
export type UndoCause =
  | { readonly kind: 'failed'; readonly step: string; readonly problem: Problem }
  | { readonly kind: 'cancelled'; readonly by: Person };

/** Why nobody took it back who could be named: the account of whoever asked was deactivated. */
export type CancelledBecause = 'deactivated';

export type RequestEvent =
  /** What became of the environment that it made, by other requests or by what was seen of it. */
  | LifeEvent
  /** How it came to its lock, and lost it. */
  | LockEvent
  /** An emergency, and the look at it afterwards. */
  | GlassEvent
  /** What became of answers that were given. */
  | ReviewLifeEvent
  /** Whom it has asked for an answer, and who may answer too since. */
  | AskingEvent
  /** Something outside does not answer, so it cannot go on; it goes on. */
  | StallEvent
  | ({ readonly at: Moment } & (
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
          /** Not before this moment, whoever approves it sooner. */
          readonly notBefore?: Moment;
          /** The request that it goes on from: the deploy that it brings back. */
          readonly follows?: RequestId;
          /** In which words, when it is another way to ask for it: `clone`, which is a `create`. */
          readonly askedAs?: AskedAs;
          /** For whom, when it is not a person who asks: they answer it as little as if they had asked. */
          readonly onBehalfOf?: Person;
          /** The end of the environment that it takes away: one whose end is later by then stays. */
          readonly end?: Moment;
          /** With what the requester asks not to wait. */
          readonly bypass?: Bypass;
        }
      /** The guardrails spoke; the preview and digest are what people will see and agree to. */
      | {
          readonly type: 'evaluated';
          readonly verdict: Verdict;
          readonly preview: Preview;
          readonly digest: string;
          readonly plan: readonly PlannedStep[];
          /** When what it is about has another tier, other owners or another team than before. */
          readonly target?: Target;
        }
      /** Another request goes on from this one: it takes its deploy back. */
      | { readonly type: 'followed'; readonly by: RequestId }
      /** What was to be approved is no longer what would run: reviews so far are void. */
      | { readonly type: 'moved'; readonly what: readonly string[] }
      | { readonly type: 'reviewed'; readonly review: Review }
      | { readonly type: 'approved'; readonly because: 'policy' | 'quorum' }
      | { readonly type: 'denied'; readonly by: 'policy' | 'reviewer' }
      | { readonly type: 'cancelled'; readonly by: Person; readonly because?: CancelledBecause }
      | { readonly type: 'expired' }
      /** With what it took for itself; the store gives the lock its fence, in the same transaction. */
      | { readonly type: 'started'; readonly plan: readonly PlannedStep[]; readonly lock?: Lock }
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
      | {
          readonly type: 'undo_waiting';
          readonly step: string;
          readonly note: string;
          readonly until: Moment;
        }
      | { readonly type: 'step_undone'; readonly step: string; readonly note?: string }
      | { readonly type: 'undo_failed'; readonly step: string; readonly problem: Problem }
      | { readonly type: 'succeeded'; readonly outputs: Outputs }
      | { readonly type: 'failed'; readonly problem: Problem; readonly remains: readonly string[] }
      /** People were told that its environment ends soon. */
      | { readonly type: 'end_announced'; readonly end: Moment }
    ));

export type EventType = RequestEvent['type'];
export type EventOf<Type extends EventType> = Extract<RequestEvent, { type: Type }>;

/** An event as the store keeps it: numbered from 1 within its request. */
export interface RecordedEvent {
  readonly seq: number;
  readonly event: RequestEvent;
}

/** One move of an environment's end. */
export interface Extension {
  readonly by: RequestId;
  readonly at: Moment;
  readonly from: Moment;
  readonly until: Moment;
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
  /** When it may begin at the earliest. */
  readonly notBefore?: Moment;
  /** The request that it goes on from, and the one that goes on from it. */
  readonly follows?: RequestId;
  readonly followedBy?: RequestId;
  /** In which words, when it was another way to ask for it. */
  readonly askedAs?: AskedAs;
  /** For whom, when it is not a person who asks. */
  readonly onBehalfOf?: Person;
  /** The end of the environment that it takes away because of that. */
  readonly end?: Moment;
  /** With what the requester asks not to wait. */
  readonly bypass?: Bypass;
  /** Once it has gone past rules as an emergency. */
  readonly glass?: Glass;

  /** Whether it has a card: what is refused at once is told to the requester alone. */
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
  /** What it was the last time, in words. */
  readonly moved?: readonly string[];
  /** Reviews that the last move, edit or narrowing has made void, but for that of whoever narrowed it. */
  readonly voided?: readonly Review[];
  /** Those of the newest digest whose givers may no longer answer it. */
  readonly lapsed?: readonly Review[];
  /** How often its requester has edited it. */
  readonly edits?: number;
  /** What the newest edit changed. */
  readonly lastEdit?: readonly FieldChange[];
  /** By whom it was narrowed since it was asked, oldest first. */
  readonly narrowed?: readonly Narrowing[];
  /** When it ends unanswered. */
  readonly answerBy?: Moment;
  /** Since it first waited: whom it has asked. */
  readonly asking?: Asking;
  readonly approvedAt?: Moment;
  readonly approvedBecause?: 'policy' | 'quorum';
  readonly deniedBy?: 'policy' | 'reviewer';
  readonly cancelledBy?: Person;
  readonly cancelledBecause?: CancelledBecause;

  /** The plan as soon as it is known, with what became of each step. */
  readonly steps: readonly RunStep[];
  readonly startedAt?: Moment;
  readonly endedAt?: Moment;
  /** When the runner has something to do next; for an environment, when its end is to be announced, then the end. */
  readonly dueAt?: Moment;
  readonly undoCause?: UndoCause;
  readonly outputs?: Outputs;
  readonly problem?: Problem;
  /** What an undo could not take back. */
  readonly remains: readonly string[];
  readonly retiredBy?: RequestId;
  /** How the end of its environment was moved, oldest first. */
  readonly extensions?: readonly Extension[];
  /** What became of its environment; nothing yet when there is none. Read it through `lifeOf`. */
  readonly life?: Life;
  /** While something outside does not answer that it cannot go on without; told once. */
  readonly stall?: Stall;
  /** While it is approved and what it needs is not free. */
  readonly queue?: LockQueue;
  /** What it took when it started; whether it has it still is for `heldLock` to say. */
  readonly lock?: TakenLock;
}

export function isEnded(
  request: PlatformRequest,
): request is PlatformRequest & { readonly status: EndedStatus } {
  return (endedStatuses as readonly RequestStatus[]).includes(request.status);
}
