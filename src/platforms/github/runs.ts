/** Workflow runs: started, found again, followed and cancelled. https://docs.github.com/rest/actions */
import { z } from 'zod';
import type { Forge, WorkflowJobState, WorkflowRun } from '../../core/forge.ts';
import { ProblemError } from '../../core/problem.ts';
import { type GithubClient, partsOf } from './client.ts';

const dispatchedSchema = z.object({ workflow_run_id: z.int() });

/** `deleted` once its file is gone from the default branch, `disabled_manually` when somebody switched it off. */
const workflowSchema = z.object({ state: z.string() });

const foundRunsSchema = z.object({
  workflow_runs: z.array(
    z.object({ id: z.int(), name: z.string().nullish(), display_title: z.string().nullish() }),
  ),
});

const runSchema = z.object({
  id: z.int(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  html_url: z.string(),
});

const jobSchema = z.object({
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullish(),
  html_url: z.string().nullish(),
  steps: z.array(z.object({ name: z.string(), conclusion: z.string().nullish() })).nullish(),
});
const jobsSchema = z.object({ jobs: z.array(jobSchema) });

const pageItems = 100;
/** Our clock and GitHub's may differ; a marker is unique, so that looking back further finds nothing wrong. */
const clockDifferenceMs = 2 * 60_000;

export function createRuns(
  client: GithubClient,
): Pick<Forge, 'hasWorkflow' | 'dispatch' | 'findRun' | 'run' | 'cancelRun'> {
  return {
    async hasWorkflow(repository, workflow) {
      const answer = await client.find(
        `the workflow ${workflow} of ${repository}`,
        'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}',
        { ...partsOf(repository), workflow_id: workflow },
        (status) => status === 404,
      );
      return answer !== undefined && workflowSchema.parse(answer.data).state === 'active';
    },

    /**
     * Not safe to repeat: after an answer that never came, look with `findRun` before dispatching again.
     */
    async dispatch({ repository, workflow, ref, inputs }, beforeWrite) {
      const about = `the workflow ${workflow} of ${repository}`;
      const route = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches';
      const order = { ...partsOf(repository), workflow_id: workflow, ref, inputs };
      beforeWrite?.();
      try {
        return {
          id: runIdOf((await client.call(about, route, { ...order, return_run_details: true })).data),
        };
      } catch (error) {
        // A server from before February 2026 may refuse the parameter itself; then nothing has been started.
        if (!(error instanceof ProblemError) || !error.problem.sentence.includes('return_run_details'))
          throw error;
        beforeWrite?.();
        return { id: runIdOf((await client.call(about, route, order)).data) };
      }
    },

    async findRun(repository, workflow, marker, since) {
      const { data } = await client.call(
        `the workflow ${workflow} of ${repository}`,
        'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
        {
          ...partsOf(repository),
          workflow_id: workflow,
          event: 'workflow_dispatch',
          created: `>=${new Date(since - clockDifferenceMs).toISOString().replace(/\.\d+Z$/, 'Z')}`,
          per_page: pageItems,
        },
      );
      const carries = wholeWord(marker);
      const found = foundRunsSchema
        .parse(data)
        .workflow_runs.filter((run) => carries.test(run.display_title ?? '') || carries.test(run.name ?? ''));
      // The first one started, should there ever be two.
      const id = Math.min(...found.map((run) => run.id));
      return found.length === 0 ? undefined : { id };
    },

    async run(repository, id): Promise<WorkflowRun> {
      const about = `the workflow run ${id} of ${repository}`;
      const at = { ...partsOf(repository), run_id: id };
      const [run, jobs] = await Promise.all([
        client.call(about, 'GET /repos/{owner}/{repo}/actions/runs/{run_id}', at),
        client.call(about, 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', {
          ...at,
          filter: 'latest',
          per_page: pageItems,
        }),
      ]);
      return runOf(runSchema.parse(run.data), jobsSchema.parse(jobs.data).jobs);
    },

    async cancelRun(repository, id) {
      await client.find(
        `the workflow run ${id} of ${repository}`,
        'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel',
        { ...partsOf(repository), run_id: id },
        // It has ended already: there is nothing left to cancel.
        (status) => status === 409,
      );
    },
  };
}

/** 200 with the id, or 204 with nothing from a server that does not tell. */
function runIdOf(data: unknown): number | undefined {
  return dispatchedSchema.safeParse(data).data?.workflow_run_id;
}

/** So that the marker of REQ-1 is not found in the title of REQ-12. */
function wholeWord(marker: string): RegExp {
  const escaped = marker.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-]|[.:]\\w)`);
}

function runOf(run: z.infer<typeof runSchema>, jobs: readonly z.infer<typeof jobSchema>[]): WorkflowRun {
  const status = runStatusOf(run.status ?? 'queued');
  return {
    id: run.id,
    status,
    ...(status === 'completed' ? { conclusion: conclusionOf(run.conclusion ?? '') } : {}),
    url: run.html_url,
    jobs: jobs.map((job) => {
      const failedStep = job.steps?.find((step) => hasFailed(step.conclusion ?? ''))?.name;
      return {
        name: job.name,
        state: jobStateOf(job.status, job.conclusion ?? ''),
        url: job.html_url ?? run.html_url,
        ...(failedStep === undefined ? {} : { failedStep }),
      };
    }),
  };
}

function runStatusOf(status: string): WorkflowRun['status'] {
  switch (status) {
    case 'completed':
    case 'in_progress':
    case 'waiting':
      return status;
    default:
      // queued, requested, pending: it has not begun, and nobody has to act.
      return 'queued';
  }
}

function conclusionOf(conclusion: string): NonNullable<WorkflowRun['conclusion']> {
  switch (conclusion) {
    case 'success':
    case 'failure':
    case 'cancelled':
    case 'timed_out':
    case 'skipped':
      return conclusion;
    case 'startup_failure':
      return 'failure';
    default:
      return 'other';
  }
}

function jobStateOf(status: string, conclusion: string): WorkflowJobState {
  if (status !== 'completed') return status === 'in_progress' || status === 'waiting' ? status : 'queued';
  if (conclusion === 'cancelled' || conclusion === 'skipped') return conclusion;
  return conclusion === 'success' || conclusion === 'neutral' ? 'success' : 'failure';
}

function hasFailed(conclusion: string): boolean {
  return conclusion === 'failure' || conclusion === 'timed_out';
}
