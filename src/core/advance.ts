/**
 * What may happen to a request next: `advance(request, command, now)` gives the events, or the problem that forbids
 * them. Pure, and the only way to events: whoever wants something of a request says it as a command. Authority is
 * judged before (approvals/), and comes along as data; the life cycle is judged here.
 */
import type { Outputs, Preview, StepOutcome, Target } from './action.ts';
import { type Advance, accepted, from, refused } from './advance-result.ts';
import { type AskingCommand, advanceAsking } from './asking.ts';
import { digestOf } from './digest.ts';
import { reviewGlass } from './glass.ts';
import type { Moment, RequestId } from './ids.ts';
import type { LifeChange, LifeSighting } from './life.ts';
import { announcement, changeLife, sight } from './live-rules.ts';
import type { Lock } from './lock.ts';
import { advanceLock, type LockCommand } from './lock-life.ts';
import { type Person, systemPerson } from './person.ts';
import type { Problem, Result } from './problem.ts';
import { outOfDateProblem, ownRequestProblem, refuseAnswer } from './refusals.ts';
import type { PlannedStep, PlatformRequest, RequestEvent, RequestStatus, UndoCause } from './request.ts';
import { advanceReviews, isAsker, type ReviewLifeCommand } from './review-life.ts';
import { advanceStall, type StallCommand } from './stall.ts';
import { cancel, endUndo } from './take-back.ts';
import type { Quorum, Review, Verdict } from './verdict.ts';

export type RequestCommand =
  /**
   * The guardrails were asked (again). `quorum` says how the reviews so far stand against the new requirements;
   * it is void when the digest moved.
   */
  | {
      readonly type: 'judge';
      readonly verdict: Verdict;
      readonly preview: Preview;
      readonly target: Target;
      readonly digest: string;
      readonly plan: readonly PlannedStep[];
      readonly moved: readonly string[];
      readonly quorum: Quorum | undefined;
    }
  /** `quorum` counts this review already. */
  | { readonly type: 'review'; readonly reviewer: Person; readonly review: Review; readonly quorum: Quorum }
  | { readonly type: 'cancel'; readonly by: Person }
  /** Whoever asked is no longer there: what waits is cancelled, what runs goes on. */
  | { readonly type: 'asker_left' }
  /** It cannot be judged: what it names does not exist, or the outside did not answer in time. */
  | { readonly type: 'give_up'; readonly problem: Problem }
  | { readonly type: 'expire' }
  /** Only after a `judge` of this moment that left it approved. */
  | { readonly type: 'start'; readonly plan: readonly PlannedStep[]; readonly lock?: Lock }
  | { readonly type: 'begin_step'; readonly step: string }
  | { readonly type: 'report_step'; readonly step: string; readonly outcome: StepOutcome }
  | { readonly type: 'retry_step'; readonly step: string; readonly problem: Problem; readonly until: Moment }
  | { readonly type: 'undo'; readonly cause: UndoCause }
  | { readonly type: 'begin_undo'; readonly step: string }
  | { readonly type: 'retry_undo'; readonly step: string; readonly problem: Problem; readonly until: Moment }
  | { readonly type: 'report_undo'; readonly step: string; readonly outcome: StepOutcome }
  | { readonly type: 'fail_undo'; readonly step: string; readonly problem: Problem }
  | { readonly type: 'succeed'; readonly outputs: Outputs }
  | { readonly type: 'end_undo' }
  /** Another request goes on from this one, whatever has become of it. */
  | { readonly type: 'follow'; readonly by: RequestId }
  /** What another request has done to the environment that this one made; `isUse`: a person asked for that. */
  | {
      readonly type: 'change_life';
      readonly by: RequestId;
      readonly isUse: boolean;
      readonly change: LifeChange;
    }
  | { readonly type: 'sight'; readonly sighting: LifeSighting }
  | { readonly type: 'announce_end' }
  /** Somebody has looked at an emergency afterwards. */
  | { readonly type: 'review_glass'; readonly by: Person; readonly note?: string }
  | AskingCommand
  | ReviewLifeCommand
  | StallCommand
  | LockCommand;

export function advance(request: PlatformRequest, command: RequestCommand, now: Moment): Advance {
  switch (command.type) {
    case 'judge':
      return judge(request, command, now);
    case 'review':
      return review(request, command, now);
    case 'cancel':
      return cancel(request, command.by, now);
    case 'asker_left':
      return accepted(
        judgeable.includes(request.status)
          ? [{ type: 'cancelled', at: now, by: systemPerson, because: 'deactivated' }]
          : [],
      );
    case 'give_up':
      return from(request, judgeable, () => [
        { type: 'failed', at: now, problem: command.problem, remains: [] },
      ]);
    case 'expire':
      return from(request, ['waiting'], () =>
        request.answerBy !== undefined && request.answerBy <= now ? [{ type: 'expired', at: now }] : [],
      );
    case 'start':
      return from(request, ['approved'], () => {
        const isTooEarly = request.notBefore !== undefined && now < request.notBefore;
        return isTooEarly ? [] : [{ ...command, type: 'started', at: now }];
      });
    case 'begin_step':
      return from(request, ['running'], () => [{ type: 'step_started', at: now, step: command.step }]);
    case 'report_step':
      return from(request, ['running'], () => [stepReported(command.step, command.outcome, now)]);
    case 'retry_step':
      return from(request, ['running'], () => [stepRetrying(command, now)]);
    case 'undo':
      return from(request, ['running'], () => [{ type: 'undo_started', at: now, cause: command.cause }]);
    case 'begin_undo':
      return from(request, ['undoing'], () => [{ type: 'undo_step_started', at: now, step: command.step }]);
    case 'retry_undo':
      return from(request, ['undoing'], () => [stepRetrying(command, now)]);
    case 'report_undo':
      return from(request, ['undoing'], () => [undoReported(command.step, command.outcome, now)]);
    case 'fail_undo':
      return from(request, ['undoing'], () => [
        { type: 'undo_failed', at: now, step: command.step, problem: command.problem },
      ]);
    case 'succeed':
      return from(request, ['running'], () => [{ type: 'succeeded', at: now, outputs: command.outputs }]);
    case 'end_undo':
      return endUndo(request, now);
    case 'follow':
      return accepted(
        request.followedBy === command.by ? [] : [{ type: 'followed', at: now, by: command.by }],
      );
    case 'change_life':
      return lived(changeLife(request, command.change, command, now));
    case 'sight':
      return lived(sight(request, command.sighting, now));
    case 'review_glass':
      return lived(reviewGlass(request, command, now));
    case 'announce_end':
      return from(request, ['succeeded'], () => announcement(request, now));
    case 'ask':
    case 'remind':
    case 'escalate':
      return from(request, ['waiting'], () => [...advanceAsking(request, command, now)]);
    case 'stall':
    case 'resume':
      return from(request, judgeable, () => [...advanceStall(request, command, now)]);
    case 'withdraw':
    case 'edit':
    case 'narrow':
    case 'lapse':
      return lived(advanceReviews(request, command, now));
    case 'queue':
    case 'end_lock':
    case 'hand_lock_over':
    case 'remind_of_lock':
    case 'keep_lock':
      return lived(advanceLock(request, command, now));
  }
}

type CommandOf<Type extends RequestCommand['type']> = Extract<RequestCommand, { type: Type }>;

/** The statuses in which the guardrails may still change what becomes of a request. */
const judgeable: readonly RequestStatus[] = ['submitted', 'waiting', 'held', 'approved'];

function judge(request: PlatformRequest, command: CommandOf<'judge'>, now: Moment): Advance {
  return from(request, judgeable, () => {
    const { verdict, preview, target, digest, plan } = command;
    const isAboutTheSame = digestOf(target) === digestOf(request.target);
    const evaluated: RequestEvent = {
      ...{ type: 'evaluated', at: now, verdict, preview, digest, plan },
      ...(isAboutTheSame ? {} : { target }),
    };
    const hasMoved = command.moved.length > 0;
    const moved: RequestEvent[] = hasMoved ? [{ type: 'moved', at: now, what: command.moved }] : [];
    switch (verdict.outcome) {
      case 'deny':
        return [...moved, evaluated, { type: 'denied', at: now, by: 'policy' }];
      case 'hold':
        return [...moved, evaluated];
      case 'allow':
        return [
          ...moved,
          evaluated,
          ...glassBroken(request, verdict, now),
          { type: 'approved', at: now, because: 'policy' },
        ];
      case 'require_approval': {
        // Reviews of something else do not count, however many there are.
        const isMet = !hasMoved && command.quorum?.state === 'met';
        return [
          ...moved,
          evaluated,
          ...(isMet ? [{ type: 'approved', at: now, because: 'quorum' } as const] : []),
        ];
      }
    }
  });
}

/** Once: at its start the same emergency is judged again. */
function glassBroken({ glass: known }: PlatformRequest, { glass }: Verdict, now: Moment): RequestEvent[] {
  if (!glass || known) return [];
  const { rules, review } = glass;
  return [{ type: 'glass_broken', at: now, rules, review }];
}

function review(request: PlatformRequest, command: CommandOf<'review'>, now: Moment): Advance {
  const { reviewer, review, quorum } = command;
  const tooLate = refuseAnswer(request);
  if (tooLate) return refused(tooLate);
  // approvals/ has judged this before; it stands here too because no caller may ever get around it.
  if (isAsker(request, reviewer)) return refused(ownRequestProblem());
  if (review.digest !== request.digest) return refused(outOfDateProblem(request));
  const reviewed: RequestEvent = { type: 'reviewed', at: now, review };
  switch (quorum.state) {
    case 'lost':
      return accepted([reviewed, { type: 'denied', at: now, by: 'reviewer' }]);
    case 'met':
      return accepted([reviewed, { type: 'approved', at: now, because: 'quorum' }]);
    case 'open':
      return accepted([reviewed]);
  }
}

function stepReported(step: string, outcome: StepOutcome, now: Moment): RequestEvent {
  if (outcome.state === 'waiting') {
    const { note, progress = [], againInMs } = outcome;
    return { type: 'step_waiting', at: now, step, note, progress, until: now + againInMs };
  }
  const { state: _state, ...rest } = outcome;
  return { type: 'step_done', at: now, step, ...rest };
}

function stepRetrying(
  { step, problem, until }: CommandOf<'retry_step' | 'retry_undo'>,
  now: Moment,
): RequestEvent {
  return { type: 'step_retrying', at: now, step, problem, until };
}

function undoReported(step: string, outcome: StepOutcome, now: Moment): RequestEvent {
  if (outcome.state === 'waiting') {
    return { type: 'undo_waiting', at: now, step, note: outcome.note, until: now + outcome.againInMs };
  }
  const { note } = outcome;
  return { type: 'step_undone', at: now, step, ...(note === undefined ? {} : { note }) };
}

function lived(result: Result<readonly RequestEvent[]>): Advance {
  return result.ok ? accepted(result.value) : result;
}
