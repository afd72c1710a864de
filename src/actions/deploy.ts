/** `/deploy`: a version of a service goes to one of its environments, by its own GitHub Actions workflow. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta, type StepContext } from '../core/action.ts';
import type { Catalog, Service } from '../core/catalog.ts';
import { formatDuration, minuteMs, secondMs } from '../core/duration.ts';
import type { WorkflowRun } from '../core/forge.ts';
import { ok, ProblemError, problem, refuse } from '../core/problem.ts';
import { didYouMean, listOf } from '../core/text.ts';
import { previewDeploy, resolveVersion } from './deploy/preview.ts';

const input = z.strictObject({
  service: z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'Service',
      description: 'What to deploy.',
      choices: 'services',
      decides: true,
    } satisfies FieldMeta),
  version: z
    .string()
    .min(1)
    .max(100)
    // A ref's name (git-check-ref-format), without what would make it an option or a path elsewhere.
    .regex(/^(?![-/.])(?!.*\.\.)[\w./-]+$/, 'write a tag, a branch or a commit')
    .meta({
      title: 'Version',
      description: 'A tag, a branch or a commit. It is pinned to its commit before anybody approves.',
      placeholder: 'v1.4.2',
      decides: true,
    } satisfies FieldMeta),
  environment: z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'Environment',
      description: 'Where it goes.',
      choices: 'serviceEnvironments',
      decides: true,
    } satisfies FieldMeta),
});
type Input = z.infer<typeof input>;

/** A run that takes longer than this is given up; it is cancelled at GitHub then. */
const runMax = 60 * minuteMs;
/** How long a dispatched run may take to appear where the server does not name it. */
const appearMax = 2 * minuteMs;
const lookAgain = 3 * secondMs;

const deploy: ChangeAction<typeof input> = {
  title: 'Deploy a service',
  summary: 'Bring a version of a service to an environment.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/deploy',
    positional: [{ field: 'service' }, { field: 'version' }, { field: 'environment', word: 'to' }],
    examples: ['/deploy payments v1.4.2 to staging', '/deploy payments v1.4.2 to production'],
  },
  input,

  target(asked, { catalog }) {
    const service = catalog.services[asked.service];
    if (!service) {
      const sentence = `There is no service "${asked.service}".${didYouMean(asked.service, Object.keys(catalog.services))}`;
      return refuse(
        problem('bad_input', sentence, 'Choose one of the catalog.', { fields: { service: sentence } }),
      );
    }
    const environment = service.environments[asked.environment];
    if (!environment) {
      const names = Object.keys(service.environments);
      const sentence = `${asked.service} has no environment "${asked.environment}".${didYouMean(asked.environment, names)}`;
      return refuse(
        problem('bad_input', sentence, `It has ${listOf(names)}.`, { fields: { environment: sentence } }),
      );
    }
    return ok({
      kind: 'service',
      name: `${asked.service} in ${asked.environment}`,
      tier: environment.tier,
      team: service.owners[0] ?? '',
      service: { name: asked.service, owners: service.owners },
    });
  },

  preview: (asked, context) => previewDeploy(asked, serviceOf(context.catalog, asked), context),

  steps: () => [
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
          if (waited > appearMax) throw new ProblemError(runNotFound(asked));
          return { state: 'waiting', note: 'waiting for the run to appear', againInMs: lookAgain };
        }
        const run = await context.forge.run(serviceOf(context.catalog, asked).repository, id);
        if (run.status !== 'completed') {
          if (waited > runMax) throw new ProblemError(runTooLong(run));
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
  ],

  outputs(asked, context) {
    const url = context.results.run?.url;
    return {
      links: url === undefined ? [] : [{ label: 'Workflow run', url }],
      notes: [
        `${asked.service} ${asked.version} runs in ${asked.environment} now. See \`/svc ${asked.service}\`.`,
      ],
    };
  },
};

export default defineAction(deploy);

function serviceOf(catalog: Catalog, asked: Input): Service {
  const service = catalog.services[asked.service];
  if (service) return service;
  throw new ProblemError(
    problem(
      'not_found',
      `The service "${asked.service}" is no longer in the catalog.`,
      'Ask the platform team what became of it.',
    ),
  );
}

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

function runNote(run: WorkflowRun): string {
  if (run.status === 'waiting') return 'GitHub waits for somebody to approve this environment there';
  return run.status === 'queued' ? 'queued at GitHub' : 'running at GitHub';
}

const jobWords: Record<WorkflowRun['jobs'][number]['state'], string> = {
  queued: 'queued',
  waiting: 'waiting for approval at GitHub',
  in_progress: 'running',
  success: 'passed',
  failure: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

function jobLines(run: WorkflowRun): string[] {
  return run.jobs.map((job) => `${job.name}: ${jobWords[job.state]}`);
}

function runFailed(run: WorkflowRun) {
  const failed = run.jobs.find((job) => job.state === 'failure');
  if (failed) {
    const where = failed.failedStep === undefined ? '' : ` at "${failed.failedStep}"`;
    return problem('step_failed', `The job ${failed.name} failed${where}.`, `Read its log: ${failed.url}`);
  }
  const what = run.conclusion === 'cancelled' ? 'was cancelled at GitHub' : `ended as ${run.conclusion}`;
  return problem('step_failed', `The workflow run ${what}.`, `See it: ${run.url}`);
}

function runTooLong(run: WorkflowRun) {
  return problem(
    'step_failed',
    `The workflow run did not end within ${formatDuration(runMax)}.`,
    `See where it hangs: ${run.url}`,
  );
}

function runNotFound(asked: Input) {
  return problem(
    'step_failed',
    `GitHub took the order to deploy ${asked.service}, but no run appeared.`,
    'Check that the workflow takes the input "greenlight_request" and shows it in its run-name, then ask again.',
  );
}
