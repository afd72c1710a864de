/**
 * Carries out all steps whose needs are met, side by side, each with its intent before and its result after; then those
 * whose needs are met now. Stops where nothing but waiting is left, where a step fails, where the request is already
 * somebody else's or is to be, and can be called again at any of those points.
 */
import type { Outputs, StepOutcome } from '../core/action.ts';
import type { Moment } from '../core/ids.ts';
import { openSteps } from '../core/plan.ts';
import { type Problem, problemFrom } from '../core/problem.ts';
import type { PlatformRequest, RunStep } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import { tryingSince } from '../core/trying-since.ts';
import { retryAtMost, retryIn, transientMax } from './retry.ts';
import { type KnownRun, planChanged, type StepRunContext, stepContext, stepsOf } from './step-context.ts';

export async function runSteps(
  context: StepRunContext,
  claimed: PlatformRequest,
  claim: Claim,
): Promise<Moment | undefined> {
  const round: Round = { context, claim, askAt: new Map() };
  let request = claimed;
  while (request.status === 'running') {
    const known = stepsOf(context, request);
    const open = openSteps(request.steps);
    const [first] = open;
    if (!first) return finish(round, request, known);
    const now = context.clock.now();
    const due = open.filter((step) => askAtOf(round, step) <= now);
    if (due.length === 0) return Math.min(...open.map((step) => askAtOf(round, step)));
    const missing = due.find(({ id }) => !known?.steps.has(id));
    if (!known || missing) return stop(round, request, (missing ?? first).id, planChanged());
    const lost = await context.desk.lockProblem(request);
    const tried = lost
      ? { begun: request, answers: due.slice(0, 1).map((step) => ({ step, outcome: { problem: lost } })) }
      : await attemptAll(round, request, known, due);
    if (!tried) return undefined;
    const { begun, answers } = tried;
    const after = await reportAll(round, begun, answers);
    if (!after) return undefined;
    // The request itself says when it is due, unless another step is to be asked before.
    if (!answers.some(({ outcome }) => 'state' in outcome && outcome.state === 'done') && open.length === 1) {
      return after === begun ? askAtOf(round, first) : undefined;
    }
    request = after;
  }
  return undefined;
}

interface Round {
  readonly context: StepRunContext;
  readonly claim: Claim;
  /** When a step that waits is to be asked again. */
  readonly askAt: Map<string, Moment>;
}

interface Answer {
  readonly step: RunStep;
  readonly outcome: StepOutcome | { readonly problem: Problem };
}

function askAtOf({ askAt, context }: Round, { id, retryAt = 0 }: RunStep): Moment {
  // By a clock that was ahead then: nobody asks to be left alone that long.
  const isFar = retryAt - context.clock.now() > retryAtMost;
  return askAt.get(id) ?? (isFar ? 0 : retryAt);
}

/** What cannot be handed over (a blueprint has left the catalog meanwhile) will not be at the next try either. */
async function finish(
  round: Round,
  request: PlatformRequest,
  known: KnownRun | undefined,
): Promise<undefined> {
  const last = request.steps.at(-1);
  if (!known || !last) return stop(round, request, '', planChanged());
  let outputs: Outputs;
  try {
    outputs = known.action.outputs(known.input, stepContext(round.context, request, last));
  } catch (error) {
    return stop(round, request, last.id, problemFrom(error));
  }
  await round.context.desk.finish(request.id, outputs, round.claim);
  return undefined;
}

/** Nothing when it is no longer ours to carry on. */
async function attemptAll(
  round: Round,
  request: PlatformRequest,
  known: KnownRun,
  due: readonly RunStep[],
): Promise<{ readonly begun: PlatformRequest; readonly answers: readonly Answer[] } | undefined> {
  const { context } = round;
  const found = await Promise.all(due.map((step) => lookFor(round, request, known, step)));
  // The look may have taken long, or the process was paused in it; and so may writing the intent.
  if (!context.mayGoOn()) return undefined;
  const open = due.filter((_step, index) => found[index] === undefined);
  const begun = await beginAll(round, request, known, open);
  if (!begun || !context.mayGoOn()) return undefined;
  const answers = await Promise.all(
    due.map((step, index) => found[index] ?? attempt(round, begun, known, step)),
  );
  return { begun, answers };
}

/** An intent without a result: the process may have been killed between the effect and its answer. */
async function lookFor(
  { context }: Round,
  request: PlatformRequest,
  { steps, input }: KnownRun,
  step: RunStep,
): Promise<Answer | undefined> {
  if (step.state !== 'running') return undefined;
  try {
    const outcome = await steps.get(step.id)?.find?.(input, stepContext(context, request, step));
    return outcome && { step, outcome };
  } catch (error) {
    return { step, outcome: { problem: problemFrom(error) } };
  }
}

/** The intent is written once per attempt, before any effect; a step that only waits keeps the one it has. */
async function beginAll(
  { context, claim }: Round,
  request: PlatformRequest,
  known: KnownRun,
  due: readonly RunStep[],
): Promise<PlatformRequest | undefined> {
  let current = request;
  for (const step of due.filter((one) => one.state !== 'running' || isMadeAgain(one, known))) {
    const begun = await context.desk.beginStep(request.id, step.id, claim);
    if (!begun.ok) return undefined;
    current = begun.value;
  }
  return current;
}

/**
 * An effect that was looked for and had left no trace. When it was tried last is to be known to whoever looks next: its
 * trace may show late. What last said that it waits is only asked again.
 */
function isMadeAgain({ id, note, retryingSince }: RunStep, { steps }: KnownRun): boolean {
  const isWaiting = note !== undefined && retryingSince === undefined;
  return steps.get(id)?.find !== undefined && !isWaiting;
}

async function attempt(
  { context }: Round,
  request: PlatformRequest,
  { steps, input }: KnownRun,
  before: RunStep,
): Promise<Answer> {
  const stepRun = stepContext(context, request, stepIn(request, before));
  try {
    const outcome = await steps.get(before.id)?.do(input, stepRun);
    return { step: before, outcome: outcome ?? { problem: planChanged() } };
  } catch (error) {
    return { step: before, outcome: { problem: problemFrom(error) } };
  }
}

/** The request as it is after all that was answered; nothing when it is somebody else's or being taken back. */
async function reportAll(
  round: Round,
  request: PlatformRequest,
  answers: readonly Answer[],
): Promise<PlatformRequest | undefined> {
  let current: PlatformRequest | undefined = request;
  // What is done is told last of the good news: then the request is due at once, also after a crash right here.
  for (const answer of answers.toSorted(byNews)) {
    if (current) current = await report(round, current, answer);
  }
  return current;
}

const byNews = (one: Answer, other: Answer) => newsOf(one) - newsOf(other);

function newsOf({ outcome }: Answer): number {
  if ('problem' in outcome) return outcome.problem.isTransient ? 0 : 3;
  return outcome.state === 'waiting' ? 1 : 2;
}

async function report(
  round: Round,
  request: PlatformRequest,
  { step, outcome }: Answer,
): Promise<PlatformRequest | undefined> {
  const { context, claim, askAt } = round;
  if ('problem' in outcome) return afterProblem(round, request, step, outcome.problem);
  if (outcome.state === 'waiting') askAt.set(step.id, context.clock.now() + outcome.againInMs);
  else askAt.delete(step.id);
  if (outcome.state === 'waiting' && saysNothingNew(stepIn(request, step), outcome)) return request;
  const reported = await context.desk.reportStep(request.id, step.id, outcome, claim);
  return reported.ok ? reported.value : undefined;
}

async function afterProblem(
  round: Round,
  request: PlatformRequest,
  step: RunStep,
  cause: Problem,
): Promise<PlatformRequest | undefined> {
  const { context, claim, askAt } = round;
  const now = context.clock.now();
  // Not since the step began: a workflow of an hour is not given up for the first second in which GitHub is away.
  const trying = now - tryingSince(stepIn(request, step), now);
  if (!cause.isTransient || trying >= transientMax) return stop(round, request, step.id, cause);
  const until = now + retryIn(cause, trying);
  askAt.set(step.id, until);
  const retried = await context.desk.retryStep(request.id, step.id, cause, until, claim);
  return retried.ok ? retried.value : undefined;
}

async function stop(
  { context, claim }: Round,
  request: PlatformRequest,
  step: string,
  cause: Problem,
): Promise<undefined> {
  await context.desk.undo(request.id, { kind: 'failed', step, problem: cause }, claim);
  return undefined;
}

function stepIn(request: PlatformRequest, step: RunStep): RunStep {
  return request.steps.find(({ id }) => id === step.id) ?? step;
}

/** A step that is asked every two seconds and says the same is no news: nothing is written, only looked again. */
function saysNothingNew(
  step: RunStep,
  { note, progress = [] }: Extract<StepOutcome, { state: 'waiting' }>,
): boolean {
  return (
    step.waitingSince !== undefined && step.note === note && step.progress.join('\n') === progress.join('\n')
  );
}
