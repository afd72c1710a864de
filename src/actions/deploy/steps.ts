/** How a deploy goes out: recorded, dispatched, followed to its end, confirmed. */
import type { Step, StepContext } from '../../core/action.ts';
import { minuteMs, secondMs } from '../../core/duration.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import type { Input } from './input.ts';
import { resolveVersion } from './preview.ts';
import { jobLines, runFailed, runNote, runNotFound, runTooLong } from './run-words.ts';
import { serviceOf } from './service.ts';

/** A run that takes longer than this is given up; it is cancelled at GitHub then. */
const runMax = 60 * minuteMs;
/** How long a dispatched run may take to appear where the server does not name it. */
const appearMax = 2 * minuteMs;
const lookAgain = 3 * secondMs;

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
      await setStatus(asked, context, 'failure', `${context.request.id} did not complete`);
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
        context.stepStartedAt - minuteMs,
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
      const id = await runIdOf(asked, context);
      if (id === undefined) return { state: 'done' };
      const { repository } = serviceOf(context.catalog, asked);
      const run = await context.forge.run(repository, id);
      if (run.status === 'completed') return { state: 'done' };
      await context.forge.cancelRun(repository, id);
      return { state: 'waiting', note: 'cancelling the workflow run', againInMs: lookAgain };
    },
  },
  {
    id: 'run',
    title: 'Workflow run',
    async do(asked, context) {
      const id = await runIdOf(asked, context);
      const waited = context.now - context.stepStartedAt;
      if (id === undefined) {
        if (waited > appearMax) throw new ProblemError(runNotFound(asked.service));
        return { state: 'waiting', note: 'waiting for the run to appear', againInMs: lookAgain };
      }
      const run = await context.forge.run(serviceOf(context.catalog, asked).repository, id);
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
    async do(asked, context) {
      await setStatus(asked, context, 'success', `${asked.version} is out`, context.results.run?.url);
      return { state: 'done' };
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
async function runIdOf(asked: Input, context: StepContext): Promise<number | undefined> {
  const remembered = context.results.workflow?.runId;
  if (remembered !== undefined) return Number(remembered);
  const { repository, workflow } = serviceOf(context.catalog, asked);
  return (
    await context.forge.findRun(repository, workflow, context.request.key, context.stepStartedAt - appearMax)
  )?.id;
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
