/** A deploy by the service's own GitHub Actions workflow: dispatched, and followed to its end. */
import type { Step, StepContext } from '../../core/action.ts';
import { hourMs, minuteMs, secondMs } from '../../core/duration.ts';
import type { WorkflowRun } from '../../core/forge.ts';
import { ProblemError, problemFrom } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { type Delivery, deliveryOf, type Route, resultOf, strategyOf } from './delivery.ts';
import { refuseTooLate } from './fenced.ts';
import { confirmStep, recordStep } from './record.ts';
import {
  jobLines,
  outAlready,
  runFailed,
  runNote,
  runNotFound,
  runTooLong,
  workflowGone,
} from './run-words.ts';
import { refuseMovedVersion } from './version.ts';

/** A run that takes longer than this is given up; it is cancelled at GitHub then. */
const runMax = 60 * minuteMs;
/** How long a dispatched run may take to appear where the server does not name it. */
const appearMax = 2 * minuteMs;
const lookAgain = 3 * secondMs;
/**
 * How long before a step the dispatch may have been whose answer was lost: after an outage, an hour of waiting for a rate
 * limit, and with clocks that disagree. The marker is unique, so that looking too far back finds nothing wrong; not far
 * enough would miss our own run and dispatch it again.
 */
const dispatchedMax = 6 * hourMs;

export function workflowSteps(route: Route): readonly Step<unknown>[] {
  return [
    recordStep(route, async (delivery, context) => {
      const run = await runOf(delivery, context);
      return run && isOut(run) ? { logUrl: run.url } : undefined;
    }),
    dispatchStep(route),
    runStep(route),
    confirmStep(route, 'run'),
  ];
}

function dispatchStep(route: Route): Step<unknown> {
  return {
    id: 'workflow',
    title: 'Workflow started',
    async find(_asked, context) {
      const found = await findRun(deliveryOf(route, context), context);
      return found && { state: 'done', result: { runId: String(found.id) } };
    },
    async do(_asked, context) {
      const delivery = deliveryOf(route, context);
      const { entry, version, environment, key } = delivery;
      const { workflow } = strategyOf(delivery, 'workflow');
      await refuseMovedVersion(delivery, context.forge);
      const { repository } = entry;
      const ref = await refOf(delivery, context);
      await refuseTooLate(delivery, context);
      const { id } = await namingRenamed(delivery, workflow, async () =>
        context.forge.dispatch({
          ...{ repository, workflow, ref },
          inputs: { version, environment, greenlight_request: key },
        }),
      );
      return { state: 'done', result: id === undefined ? {} : { runId: String(id) } };
    },
    async undo(_asked, context) {
      const delivery = deliveryOf(route, context);
      const run = await runOf(delivery, context);
      if (run && isOut(run)) throw new ProblemError(outAlready(delivery));
      if (!run || run.status === 'completed') return { state: 'done' };
      await context.forge.cancelRun(delivery.entry.repository, run.id);
      return { state: 'waiting', note: 'cancelling the workflow run', againInMs: lookAgain };
    },
  };
}

function runStep(route: Route): Step<unknown> {
  return {
    id: 'run',
    title: 'Workflow run',
    async do(_asked, context) {
      const delivery = deliveryOf(route, context);
      const run = await runOf(delivery, context);
      const waited = context.now - context.stepStartedAt;
      if (!run) {
        if (waited > appearMax) throw new ProblemError(runNotFound(delivery.service));
        return { state: 'waiting', note: 'waiting for the run to appear', againInMs: lookAgain };
      }
      if (run.status !== 'completed') {
        if (waited > runMax) throw new ProblemError(runTooLong(run, runMax));
        return { state: 'waiting', note: runNote(run), progress: jobLines(run), againInMs: lookAgain };
      }
      if (run.conclusion !== 'success') throw new ProblemError(runFailed(run));
      return {
        state: 'done',
        note: listOf(run.jobs.map((job) => `${job.name} passed`)),
        result: { url: run.url },
      };
    },
  };
}

/** A workflow is started on a branch or a tag: a bare commit goes as the version, on the default branch. */
async function refOf({ entry, version }: Delivery, { forge }: StepContext): Promise<string> {
  const isCommit = (await forge.resolve(entry.repository, version))?.as === 'commit';
  return isCommit ? forge.defaultBranch(entry.repository) : version;
}

/** Remembered from the dispatch, or found by its marker where the server did not name the run. */
async function runOf(delivery: Delivery, context: StepContext): Promise<WorkflowRun | undefined> {
  const id = resultOf(delivery.route, context, 'workflow')?.runId ?? (await findRun(delivery, context))?.id;
  return id === undefined ? undefined : context.forge.run(delivery.entry.repository, Number(id));
}

function findRun(delivery: Delivery, context: StepContext): Promise<{ id: number } | undefined> {
  const { workflow } = strategyOf(delivery, 'workflow');
  const since = context.stepStartedAt - dispatchedMax;
  return namingRenamed(delivery, workflow, () =>
    context.forge.findRun(delivery.entry.repository, workflow, delivery.key, since),
  );
}

/** GitHub's 404 speaks of an address; people know that somebody has renamed a file. */
async function namingRenamed<Value>(
  { entry }: Delivery,
  workflow: string,
  call: () => Promise<Value>,
): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    if (problemFrom(error).code !== 'not_found') throw error;
    throw new ProblemError(workflowGone(entry.repository, workflow), { cause: error });
  }
}

function isOut(run: WorkflowRun): boolean {
  return run.status === 'completed' && run.conclusion === 'success';
}
