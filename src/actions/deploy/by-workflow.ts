/** A deploy by the service's own GitHub Actions workflow: dispatched, and followed to its end. */
import type { Step, StepContext } from '../../core/action.ts';
import { minuteMs } from '../../core/duration.ts';
import type { WorkflowRun } from '../../core/forge.ts';
import {
  dispatchedMax,
  followRun,
  hasSucceeded,
  namingGone,
  refuseTooSoon,
  takeBackRun,
} from '../workflow/run.ts';
import { type Delivery, deliveryOf, type Route, resultOf, strategyOf } from './delivery.ts';
import { refuseTooLate } from './fenced.ts';
import { confirmStep, recordStep } from './record.ts';
import { outAlready, runNotFound, workflowGone } from './run-words.ts';
import { refuseMovedVersion } from './version.ts';

/** A run that takes longer than this is given up; it is cancelled at GitHub then. */
const runMax = 60 * minuteMs;
export function workflowSteps(route: Route): readonly Step<unknown>[] {
  return [
    recordStep(route, async (delivery, context) => {
      const run = await runOf(delivery, context);
      return run && hasSucceeded(run) ? { logUrl: run.url } : undefined;
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
      if (found) return { state: 'done', result: { runId: String(found.id) } };
      refuseTooSoon(context);
      return undefined;
    },
    async do(_asked, context) {
      const delivery = deliveryOf(route, context);
      const { entry, version, environment, key } = delivery;
      const { workflow } = strategyOf(delivery, 'workflow');
      await refuseMovedVersion(delivery, context.forge);
      const { repository } = entry;
      const ref = await refOf(delivery, context);
      await refuseTooLate(delivery, context);
      const { id } = await namingGone(
        () =>
          context.forge.dispatch({
            ...{ repository, workflow, ref },
            inputs: { version, environment, greenlight_request: key },
          }),
        () => workflowGone(repository, workflow),
      );
      return { state: 'done', result: id === undefined ? {} : { runId: String(id) } };
    },
    async undo(_asked, context) {
      const delivery = deliveryOf(route, context);
      const run = await runOf(delivery, context);
      return takeBackRun(run, delivery.entry.repository, context, () => outAlready(delivery));
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
      const waited = { waitedMs: context.now - context.waitingSince, limitMs: runMax };
      return followRun(run, waited, () => runNotFound(delivery.service));
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
  const { repository } = delivery.entry;
  return namingGone(
    () => context.forge.findRun(repository, workflow, delivery.key, since),
    () => workflowGone(repository, workflow),
  );
}
