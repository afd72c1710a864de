/**
 * Step after step, each with its intent before and its result after. Stops where a step waits, fails or is already
 * somebody else's, and can be called again at any of those points.
 */
import type { Outputs, StepOutcome } from '../core/action.ts';
import { minuteMs, secondMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import { type Problem, problemFrom } from '../core/problem.ts';
import type { PlatformRequest, RunStep } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import {
  type KnownRun,
  type KnownStep,
  planChanged,
  type StepRunContext,
  stepContext,
  stepsOf,
} from './step-context.ts';

/** How long a step is tried again on an outside that does not answer, before the run is taken back. */
export const transientMax = 15 * minuteMs;

export async function runSteps(
  context: StepRunContext,
  claimed: PlatformRequest,
  claim: Claim,
): Promise<Moment | undefined> {
  let request = claimed;
  while (request.status === 'running') {
    const known = stepsOf(context, request);
    const next = request.steps.find((step) => step.state !== 'done');
    if (!next) {
      const last = request.steps.at(-1);
      if (!known || !last) return stop(context, request, claim, '', planChanged());
      return finish(context, request, known, last, claim);
    }
    const step = known?.steps.get(next.id);
    if (!known || !step) return stop(context, request, claim, next.id, planChanged());

    const lost = await context.desk.lockProblem(request);
    if (lost) return afterProblem(context, request, next.id, lost, claim);
    const begun = await begin(context, request, next, claim);
    if (!begun) return undefined;
    const outcome = await attempt(context, begun, step, known.input, next);
    if ('problem' in outcome) return afterProblem(context, begun, next.id, outcome.problem, claim);
    if (outcome.state === 'waiting' && saysNothingNew(begun, next.id, outcome)) {
      return context.clock.now() + outcome.againInMs;
    }
    const reported = await context.desk.reportStep(request.id, next.id, outcome, claim);
    if (!reported.ok || outcome.state === 'waiting') return undefined;
    request = reported.value;
  }
  return undefined;
}

/** What cannot be handed over (a blueprint has left the catalog meanwhile) will not be at the next try either. */
async function finish(
  context: StepRunContext,
  request: PlatformRequest,
  { action, input }: KnownRun,
  last: RunStep,
  claim: Claim,
): Promise<undefined> {
  let outputs: Outputs;
  try {
    outputs = action.outputs(input, stepContext(context, request, last));
  } catch (error) {
    return stop(context, request, claim, last.id, problemFrom(error));
  }
  await context.desk.finish(request.id, outputs, claim);
  return undefined;
}

/** The intent is written once per attempt; a step that only waits keeps the one it has. */
async function begin(
  context: StepRunContext,
  request: PlatformRequest,
  step: RunStep,
  claim: Claim,
): Promise<PlatformRequest | undefined> {
  if (step.state === 'running') return request;
  const begun = await context.desk.beginStep(request.id, step.id, claim);
  return begun.ok ? begun.value : undefined;
}

async function attempt(
  context: StepRunContext,
  request: PlatformRequest,
  step: KnownStep,
  input: Parameters<KnownStep['do']>[0],
  before: RunStep,
): Promise<StepOutcome | { readonly problem: Problem }> {
  const current = request.steps.find((one) => one.id === step.id) ?? before;
  const stepRun = stepContext(context, request, current);
  try {
    // An intent without a result: the process may have been killed between the effect and its answer. Look first.
    const found = before.state === 'running' ? await step.find?.(input, stepRun) : undefined;
    return found ?? (await step.do(input, stepRun));
  } catch (error) {
    return { problem: problemFrom(error) };
  }
}

async function afterProblem(
  context: StepRunContext,
  request: PlatformRequest,
  stepId: string,
  cause: Problem,
  claim: Claim,
): Promise<undefined> {
  const now = context.clock.now();
  const step = request.steps.find((one) => one.id === stepId);
  // Not since the step began: a workflow of an hour is not given up for the first second in which GitHub is away.
  const trying = now - (step?.retryingSince ?? now);
  if (cause.isTransient && trying < transientMax) {
    const wait = cause.retryAfterMs ?? Math.min(30 * secondMs, Math.max(secondMs, trying));
    await context.desk.retryStep(request.id, stepId, cause, now + wait, claim);
    return undefined;
  }
  return stop(context, request, claim, stepId, cause);
}

async function stop(
  context: StepRunContext,
  request: PlatformRequest,
  claim: Claim,
  step: string,
  cause: Problem,
): Promise<undefined> {
  await context.desk.undo(request.id, { kind: 'failed', step, problem: cause }, claim);
  return undefined;
}

/** A step that is asked every two seconds and says the same is no news: nothing is written, only looked again. */
function saysNothingNew(
  request: PlatformRequest,
  stepId: string,
  { note, progress = [] }: Extract<StepOutcome, { state: 'waiting' }>,
): boolean {
  const step = request.steps.find((one) => one.id === stepId);
  return step?.note === note && step.progress.join('\n') === progress.join('\n');
}
