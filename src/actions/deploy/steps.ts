/** How a deploy goes out: recorded, dispatched, followed to its end, confirmed. */
import type { Step, StepContext } from '../../core/action.ts';
import { hourMs, minuteMs, secondMs } from '../../core/duration.ts';
import type { WorkflowRun } from '../../core/forge.ts';
import { ProblemError, problem, problemFrom } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import type { Input } from './input.ts';
import { resolveVersion } from './preview.ts';
import { jobLines, outAlready, runFailed, runNote, runNotFound, runTooLong } from './run-words.ts';
import { serviceOf } from './service.ts';

/** A run that takes longer than this is given up; it is cancelled at GitHub then. */
const runMax = 60 * minuteMs;
/** How long a dispatched run may take to appear where the server does not name it. */
const appearMax = 2 * minuteMs;
const lookAgain = 3 * secondMs;
/** Below the time for which a step is tried again, so that the step itself says how it ends. */
const confirmMax = 10 * minuteMs;
/**
 * How long before a step the dispatch may have been whose answer was lost: after an outage, an hour of waiting for a rate
 * limit, and with clocks that disagree. The marker is unique, so that looking too far back finds nothing wrong; not far
 * enough would miss our own run and dispatch it again.
 */
const dispatchedMax = 6 * hourMs;

export const deploySteps: readonly Step<Input>[] = [
  {
    id: 'deployment',
    title: 'Deployment recorded',
    async find(asked, context) {
      const { repository } = serviceOf(context.catalog, asked);
      const found = await context.forge.findDeployment(repository, asked.environment, context.request.key);
      return found && { state: 'done', result: { deploymentId: String(found.id) } };
    },
    async do(asked, context) {
      const { repository, environments } = serviceOf(context.catalog, asked);
      await refuseMovedVersion(asked, context);
      const { id } = await context.forge.createDeployment({
        repository,
        ref: asked.version,
        environment: asked.environment,
        isProduction: environments[asked.environment]?.tier === 'production',
        key: context.request.key,
        by: context.requester.name,
        description: `${asked.version} by ${context.request.id}`,
      });
      return { state: 'done', result: { deploymentId: String(id) } };
    },
    async undo(asked, context) {
      const run = await runOf(asked, context);
      if (run && isOut(run)) await setStatus(asked, context, 'success', `${asked.version} is out`, run.url);
      else await setStatus(asked, context, 'failure', `${context.request.id} did not complete`);
      return { state: 'done' };
    },
  },
  {
    id: 'workflow',
    title: 'Workflow started',
    async find(asked, context) {
      const { repository, workflow } = serviceOf(context.catalog, asked);
      const found = await context.forge.findRun(
        repository,
        workflow,
        context.request.key,
        context.stepStartedAt - dispatchedMax,
      );
      return found && { state: 'done', result: { runId: String(found.id) } };
    },
    async do(asked, context) {
      const { repository, workflow } = serviceOf(context.catalog, asked);
      await refuseMovedVersion(asked, context);
      const { id } = await context.forge.dispatch({
        repository,
        workflow,
        ref: asked.version,
        inputs: {
          version: asked.version,
          environment: asked.environment,
          greenlight_request: context.request.key,
        },
      });
      return { state: 'done', result: id === undefined ? {} : { runId: String(id) } };
    },
    async undo(asked, context) {
      const run = await runOf(asked, context);
      if (run && isOut(run)) throw new ProblemError(outAlready(asked));
      if (!run || run.status === 'completed') return { state: 'done' };
      await context.forge.cancelRun(serviceOf(context.catalog, asked).repository, run.id);
      return { state: 'waiting', note: 'cancelling the workflow run', againInMs: lookAgain };
    },
  },
  {
    id: 'run',
    title: 'Workflow run',
    async do(asked, context) {
      const run = await runOf(asked, context);
      const waited = context.now - context.stepStartedAt;
      if (!run) {
        if (waited > appearMax) throw new ProblemError(runNotFound(asked.service));
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
  },
  {
    id: 'success',
    title: 'Deployment confirmed',
    async find(asked, context) {
      const { repository } = serviceOf(context.catalog, asked);
      const found = await context.forge.findDeployment(repository, asked.environment, context.request.key);
      return found?.state === 'success' ? { state: 'done' } : undefined;
    },
    async do(asked, context) {
      try {
        await setStatus(asked, context, 'success', `${asked.version} is out`, context.results.run?.url);
        return { state: 'done' };
      } catch (error) {
        // The version is out, whatever the record says: failing for it would tell people the opposite.
        const cause = problemFrom(error);
        if (cause.isTransient && context.now - context.stepStartedAt < confirmMax) throw error;
        return { state: 'done', note: `it is out, but GitHub did not take the record: ${cause.sentence}` };
      }
    },
  },
];

/** A tag can be moved between approval and this moment: what runs must be the commit that was agreed to. */
async function refuseMovedVersion(asked: Input, context: StepContext): Promise<void> {
  const { repository } = serviceOf(context.catalog, asked);
  const commit = await resolveVersion(context.forge, repository, asked);
  if (commit.sha === context.resolved.commit) return;
  throw new ProblemError(
    problem(
      'out_of_date',
      `${asked.version} points to another commit than the one that was approved.`,
      'Ask for the deploy again, so that people see what it is now.',
    ),
  );
}

/** Remembered from the dispatch, or found by its marker where the server did not name the run. */
async function runOf(asked: Input, context: StepContext): Promise<WorkflowRun | undefined> {
  const { repository, workflow } = serviceOf(context.catalog, asked);
  const remembered = context.results.workflow?.runId;
  const id =
    remembered ??
    (
      await context.forge.findRun(
        repository,
        workflow,
        context.request.key,
        context.stepStartedAt - dispatchedMax,
      )
    )?.id;
  return id === undefined ? undefined : context.forge.run(repository, Number(id));
}

function isOut(run: WorkflowRun): boolean {
  return run.status === 'completed' && run.conclusion === 'success';
}

async function setStatus(
  asked: Input,
  context: StepContext,
  state: 'success' | 'failure',
  description: string,
  logUrl?: string,
): Promise<void> {
  const { repository } = serviceOf(context.catalog, asked);
  const remembered = context.results.deployment?.deploymentId;
  // The run may be taken back before the answer to its creation was remembered.
  const deploymentId =
    remembered ??
    (await context.forge.findDeployment(repository, asked.environment, context.request.key))?.id;
  if (deploymentId === undefined) return;
  await context.forge.setDeploymentStatus({
    repository,
    deploymentId: Number(deploymentId),
    state,
    description,
    ...(logUrl === undefined ? {} : { logUrl }),
  });
}
