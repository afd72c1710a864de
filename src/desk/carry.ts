/**
 * What the runner may say of a request that it has claimed: start, report, finish. Every write names the claim, so
 * that a runner whose lease has lapsed changes nothing.
 */
import type { Outputs, StepOutcome } from '../core/action.ts';
import type { RequestCommand } from '../core/advance.ts';
import { hourMs } from '../core/duration.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import { systemPerson } from '../core/person.ts';
import { ok, type Problem, type Result } from '../core/problem.ts';
import type { PlatformRequest, UndoCause } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import { attend } from './attend.ts';
import type { DeskContext } from './context.ts';
import { wayBackByItself } from './go-back.ts';
import { judge, judgeCommand, quorumNow, subjectOf } from './judge.ts';
import { lapseNow, refuseDoubt } from './lapse.ts';
import { changeLocks, lockToStart, tellOfTheft } from './locks.ts';
import { writeOrStall } from './stall.ts';
import { decide, submit } from './submit.ts';
import { lockProblem, tendLock } from './tend-locks.ts';
import { write } from './write.ts';

/** A step that was tried in vain is left alone until then. */
type Retry = (
  id: RequestId,
  step: string,
  cause: Problem,
  until: Moment,
  claim: Claim,
) => Promise<Result<PlatformRequest>>;

/** The desk as only the runner sees it. */
export interface RunDesk {
  /** The guardrails judge what was submitted and left, as whoever submitted it was killed. */
  decide(id: RequestId, claim: Claim): Promise<Result<PlatformRequest>>;
  /**
   * The guardrails are asked once more (a freeze has begun, the commit moved, a reviewer left), and only what they
   * still let through is started. The request comes back in whatever state that leaves it.
   */
  start(id: RequestId, claim: Claim): Promise<Result<PlatformRequest>>;
  /** A window has opened, or may have. */
  release(id: RequestId, claim: Claim): Promise<Result<PlatformRequest>>;
  /** It waits for people: asks and reminds them, or ends it unanswered; gives when to look again. */
  attend(id: RequestId, claim: Claim): Promise<Result<Moment | undefined>>;
  beginStep(id: RequestId, step: string, claim: Claim): Promise<Result<PlatformRequest>>;
  reportStep(
    id: RequestId,
    step: string,
    outcome: StepOutcome,
    claim: Claim,
  ): Promise<Result<PlatformRequest>>;
  retryStep: Retry;
  undo(id: RequestId, cause: UndoCause, claim: Claim): Promise<Result<PlatformRequest>>;
  beginUndo(id: RequestId, step: string, claim: Claim): Promise<Result<PlatformRequest>>;
  retryUndo: Retry;
  reportUndo(
    id: RequestId,
    step: string,
    outcome: StepOutcome,
    claim: Claim,
  ): Promise<Result<PlatformRequest>>;
  failUndo(id: RequestId, step: string, cause: Problem, claim: Claim): Promise<Result<PlatformRequest>>;
  endUndo(id: RequestId, claim: Claim): Promise<Result<PlatformRequest>>;
  finish(id: RequestId, outputs: Outputs, claim: Claim): Promise<Result<PlatformRequest>>;
  /** Why a run that holds a lock must not take its next step; `undefined` while it holds it. */
  lockProblem(request: PlatformRequest): Promise<Problem | undefined>;
  /** Ends a person's lock or reminds of it, when it is time; gives when to look again. */
  tendLock(id: RequestId, claim: Claim): Promise<Result<Moment | undefined>>;
  /** Says that the environment which this request made ends soon, if that is so; the request as it is then. */
  announceEnd(id: RequestId, claim: Claim): Promise<Result<PlatformRequest>>;
  /** The environment that this request made has reached its end: asks for its removal, once. */
  retireEnvironment(request: PlatformRequest): Promise<Result<PlatformRequest>>;
}

export function createRunDesk(context: DeskContext): RunDesk {
  const say = (id: RequestId, command: RequestCommand, claim: Claim) =>
    write(context, id, () => ok({ commands: [command] }), claim);

  return {
    decide: (id, claim) => decide(context, id, claim),
    start: (id, claim) => judgeAgain(context, id, claim, 'start'),
    release: (id, claim) => judgeAgain(context, id, claim, 'release'),
    attend: (id, claim) => attend(context, id, claim),
    beginStep: (id, step, claim) => say(id, { type: 'begin_step', step }, claim),
    reportStep: (id, step, outcome, claim) => say(id, { type: 'report_step', step, outcome }, claim),
    retryStep: (id, step, cause, until, claim) =>
      say(id, { type: 'retry_step', step, problem: cause, until }, claim),
    undo: (id, cause, claim) => say(id, { type: 'undo', cause }, claim),
    beginUndo: (id, step, claim) => say(id, { type: 'begin_undo', step }, claim),
    retryUndo: (id, step, cause, until, claim) =>
      say(id, { type: 'retry_undo', step, problem: cause, until }, claim),
    reportUndo: (id, step, outcome, claim) => say(id, { type: 'report_undo', step, outcome }, claim),
    failUndo: (id, step, cause, claim) => say(id, { type: 'fail_undo', step, problem: cause }, claim),
    endUndo: (id, claim) => endUndo(context, id, claim),
    finish: (id, outputs, claim) => finish(context, id, outputs, claim),
    lockProblem: (request) => lockProblem(context, request),
    tendLock: (id, claim) => tendLock(context, id, claim),
    announceEnd: (id, claim) => say(id, { type: 'announce_end' }, claim),
    retireEnvironment: (request) => retireEnvironment(context, request),
  };
}

/**
 * What goes back by itself is asked for before the end is written: after a crash in between it is the same request. So is
 * told whose lock it took when it started: that lock does not come back with it.
 */
async function endUndo(context: DeskContext, id: RequestId, claim: Claim): Promise<Result<PlatformRequest>> {
  const told = await tellOfTheft(context, id, claim);
  if (!told.ok) {
    if (told.problem.isTransient) return told;
    // What cannot be told must not hold the lock for ever.
    context.log.error({ request: id, problem: told.problem }, 'whose lock was taken could not be told');
  }
  const by = await wayBackByItself(context, id);
  const follow: RequestCommand[] = by === undefined ? [] : [{ type: 'follow', by }];
  return write(context, id, () => ok({ commands: [...follow, { type: 'end_undo' }] }), claim);
}

async function judgeAgain(
  context: DeskContext,
  id: RequestId,
  claim: Claim,
  stage: 'start' | 'release',
): Promise<Result<PlatformRequest>> {
  return writeOrStall(
    context,
    id,
    async (before) => {
      const expected = stage === 'start' ? 'approved' : 'held';
      if (before.status !== expected) return { commands: [] };
      // A place in a queue is for those who could start at any moment.
      const isTooEarly = before.notBefore !== undefined && context.clock.now() < before.notBefore;
      if (stage === 'start' && isTooEarly) return { commands: [] };
      const { action, subject } = subjectOf(context, before);
      const { lock, wait } = stage === 'start' ? await lockToStart(context, before, subject) : {};
      // Before the guardrails are asked: who waits need not trouble the outside each time the queue moves.
      if (wait) return { commands: wait };
      const judgement = await judge(context, action, subject, stage);
      const { commands: lapsed, request } = await lapseNow(context, before);
      const quorum = await quorumNow(context, request, judgement, undefined);
      const judged = judgeCommand(request, judgement, quorum);
      const { outcome } = judgement.verdict;
      if (outcome === 'require_approval' && quorum.state !== 'met') await refuseDoubt(context, request);
      // A move voids the reviews, so a quorum that counts them no longer stands.
      const hasMoved = judged !== undefined && judged.moved.length > 0;
      const mayStart =
        outcome === 'allow' || (outcome === 'require_approval' && quorum.state === 'met' && !hasMoved);
      const start: RequestCommand[] =
        stage === 'start' && mayStart
          ? [{ type: 'start', plan: judgement.plan, ...(lock ? { lock } : {}) }]
          : [];
      const commands = [...lapsed, ...(judged ? [judged] : []), ...start];
      return { commands, evaluation: judgement.evaluation };
    },
    claim,
  );
}

async function finish(
  context: DeskContext,
  id: RequestId,
  outputs: Outputs,
  claim: Claim,
): Promise<Result<PlatformRequest>> {
  const { environmentChange } = outputs;
  if (environmentChange) {
    // Before the end is written: after a crash in between, the last step is simply reported again, and whom it changed
    // knows by whom, so that a second report changes nothing.
    const { requestId, change } = environmentChange;
    const asked = await context.store.load(id);
    const isUse = asked?.requester.kind !== 'system';
    const changed = await write(
      context,
      requestId,
      () => ok({ commands: [{ type: 'change_life', by: id, isUse, change }] }),
      claim,
    );
    if (!changed.ok)
      return changed.problem.isTransient ? changed : failLastStep(context, id, changed.problem, claim);
  }
  const changed = await changeLocks(context, id, outputs.lockChanges, claim);
  if (!changed.ok)
    return changed.problem.isTransient ? changed : failLastStep(context, id, changed.problem, claim);
  return write(context, id, () => ok({ commands: [{ type: 'succeed', outputs }] }), claim);
}

/** What was to be handed over is no longer there to be. */
function failLastStep(
  context: DeskContext,
  id: RequestId,
  cause: Problem,
  claim: Claim,
): Promise<Result<PlatformRequest>> {
  return write(
    context,
    id,
    ({ steps }) => {
      const step = steps.at(-1)?.id ?? '';
      return ok({ commands: [{ type: 'undo', cause: { kind: 'failed', step, problem: cause } }] });
    },
    claim,
  );
}

async function retireEnvironment(
  context: DeskContext,
  request: PlatformRequest,
): Promise<Result<PlatformRequest>> {
  const { name, expiresAt = request.updatedAt } = request.outputs?.environment ?? {};
  // One that could not be removed is tried again the next hour, as a request of its own.
  const hoursOver = Math.floor((context.clock.now() - expiresAt) / hourMs);
  return submit(context, {
    key: `time-over:${request.id}:${expiresAt}:${hoursOver}`,
    action: 'environment.destroy',
    input: { name },
    requester: systemPerson,
    origin: { surface: 'system' },
    end: expiresAt,
  });
}
