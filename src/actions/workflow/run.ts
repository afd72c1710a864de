/** A workflow run that was dispatched for a request: followed to its end, or taken back. */
import type { StepContext, StepOutcome } from '../../core/action.ts';
import { hourMs, minuteMs, secondMs } from '../../core/duration.ts';
import type { WorkflowRun } from '../../core/forge.ts';
import { lookAgainIn, rarerIn } from '../../core/look-again.ts';
import { type Problem, ProblemError, problem, problemFrom } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { jobLines, runFailed, runNote, runTooLong } from '../deploy/run-words.ts';

/** How long a dispatched run may take to appear where the server does not name it. */
const appearMax = 2 * minuteMs;
const lookAgain = 3 * secondMs;
/** How long GitHub may take to show the run of a dispatch whose answer was lost: seconds, mostly. */
const shownMax = 30 * secondMs;
/**
 * How long into an attempt its dispatch may go out: first GitHub is asked up to eight questions (whether the
 * version has moved, whether a newer run was there), and each may take the ten seconds that an answer is waited for.
 */
const outMax = 2 * minuteMs;
/**
 * How long before a step the dispatch may have been whose answer was lost: after an outage, an hour of waiting for a rate
 * limit, and with clocks that disagree. The marker is unique, so that looking too far back finds nothing wrong; not far
 * enough would miss our own run and dispatch it again.
 */
export const dispatchedMax = 6 * hourMs;

/** @throws ProblemError when it failed, takes longer than `limitMs`, or (`notFound`) never appeared. */
export function followRun(
  run: WorkflowRun | undefined,
  { waitedMs, limitMs }: { readonly waitedMs: number; readonly limitMs: number },
  notFound: () => Problem,
): StepOutcome {
  if (!run) {
    if (waitedMs > appearMax) throw new ProblemError(notFound());
    return { state: 'waiting', note: 'waiting for the run to appear', againInMs: lookAgain };
  }
  if (run.status !== 'completed') {
    if (waitedMs > limitMs) throw new ProblemError(runTooLong(run, limitMs));
    return { state: 'waiting', note: runNote(run), progress: jobLines(run), againInMs: lookAgain };
  }
  if (run.conclusion !== 'success') throw new ProblemError(runFailed(run));
  return {
    state: 'done',
    note: listOf(run.jobs.map((job) => `${job.name} passed`)),
    result: { url: run.url },
  };
}

/**
 * A dispatch whose answer was lost is not made again before its run had time to show up: it would run twice.
 * @throws ProblemError that passes by itself while the run may still show up.
 */
export function refuseTooSoon({ now, attemptedAt }: Pick<StepContext, 'now' | 'attemptedAt'>): void {
  const takenMs = now - attemptedAt;
  const restMs = outMax + shownMax - takenMs;
  if (restMs <= 0) return;
  // Each time it is asked is an event, and questions to GitHub: mostly it shows within seconds, or not at all.
  const retryAfterMs = Math.min(restMs, rarerIn(takenMs, lookAgain));
  throw new ProblemError(
    problem(
      'outside_unavailable',
      'GitHub does not show yet whether the workflow was started.',
      'It is looked for again in a moment.',
      { isTransient: true, retryAfterMs },
    ),
  );
}

/**
 * What GitHub does not show yet is waited for: it would go on when everything else is taken back.
 * @throws ProblemError `tooLate` when it has done its work already.
 */
export async function takeBackRun(
  run: WorkflowRun | undefined,
  repository: string,
  context: Pick<StepContext, 'forge' | 'now' | 'stepStartedAt' | 'waitingSince'>,
  tooLate: () => Problem,
): Promise<StepOutcome> {
  if (!run && context.now - context.stepStartedAt < shownMax) {
    return { state: 'waiting', note: 'looking whether the workflow was started', againInMs: lookAgain };
  }
  if (run && hasSucceeded(run)) throw new ProblemError(tooLate());
  if (!run || run.status === 'completed') return { state: 'done' };
  await context.forge.cancelRun(repository, run.id);
  const againInMs = lookAgainIn(context, lookAgain);
  return { state: 'waiting', note: 'cancelling the workflow run', againInMs };
}

export function hasSucceeded(run: WorkflowRun): boolean {
  return run.status === 'completed' && run.conclusion === 'success';
}

/** GitHub's 404 speaks of an address; people know that somebody has renamed a file. */
export async function namingGone<Value>(call: () => Promise<Value>, gone: () => Problem): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    if (problemFrom(error).code !== 'not_found') throw error;
    throw new ProblemError(gone(), { cause: error });
  }
}
