/** A run before it begins: its title, its jobs, and what the seed or the control API know of how each will go. */
import type { FailurePoint, WhichRun } from '../world-calls.ts';
import type { GithubState, Job, Repository, Run, WorkflowRef } from './state.ts';
import { interpolate, type WorkflowFile } from './workflow-file.ts';

export interface NewRun {
  readonly workflow: WorkflowRef;
  readonly file: WorkflowFile;
  readonly event: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly headRef: string;
  readonly headSha: string;
  readonly actor: string;
}

/** What shall happen to the next run that begins, asked for by the control API. */
export interface NextRun extends WhichRun {
  readonly holds?: boolean;
  readonly failsAt?: FailurePoint;
}

const stepSecondsNormal = 1;

/** A run with its jobs, not yet begun. */
export function newRun(state: GithubState, repository: Repository, input: NewRun, next?: NextRun): Run {
  const now = state.clock.now();
  const head = repository.commits.get(input.headSha);
  const run: Run = {
    id: state.nextId(),
    number: repository.runs.filter((one) => one.workflow.id === input.workflow.id).length + 1,
    ...input,
    displayTitle: titleOf(input, head?.message ?? ''),
    suiteId: state.nextId(),
    createdAt: now,
    updatedAt: now,
    startedAt: now,
    triggeringActor: input.actor,
    attempt: 1,
    status: 'queued',
    conclusion: null,
    held: next?.holds ?? false,
    cancelling: false,
    jobs: [],
    approvals: [],
  };
  run.jobs = input.file.jobs.map((job) => freshJob(state, repository, run, job.key, next));
  return run;
}

function titleOf(input: NewRun, message: string): string {
  if (input.file.runName === undefined)
    return input.event === 'workflow_dispatch' ? input.file.name : (message.split('\n')[0] ?? '');
  return interpolate(input.file.runName, contextsOf(input)).trim();
}

function contextsOf(input: Pick<NewRun, 'inputs' | 'headRef' | 'headSha' | 'actor' | 'event'>) {
  const github = { actor: input.actor, ref_name: input.headRef, sha: input.headSha, event_name: input.event };
  return { inputs: input.inputs, github };
}

/** A job of the run's current attempt, waiting for its turn, with all that is known of how it will go. */
export function freshJob(
  state: GithubState,
  repository: Repository,
  run: Run,
  key: string,
  next: NextRun | undefined,
): Job {
  const job = run.file.jobs.find((one) => one.key === key);
  if (!job) throw new Error(`The workflow ${run.workflow.path} has no job ${key}.`);
  const contexts = contextsOf(run);
  const behaviour = repository.behaviours.get(run.workflow.path);
  const names = ['Set up job', ...job.steps, 'Complete job'];
  const seeded = behaviour?.failures.find(
    (one) =>
      one.job === key && Object.entries(one.inputs).every(([name, value]) => run.inputs[name] === value),
  );
  const asked = next?.failsAt?.job === key ? next.failsAt : undefined;
  const lastOwnStep = job.steps.at(-1) ?? 'Set up job';
  return {
    id: state.nextId(),
    key,
    name: interpolate(job.name, contexts),
    needs: job.needs,
    labels: job.labels,
    environment: job.environment === null ? null : interpolate(job.environment, contexts),
    attempt: run.attempt,
    createdAt: state.clock.now(),
    steps: names.map((name, index) => ({
      name,
      number: index + 1,
      durationMs: (behaviour?.seconds[`${key}/${name}`] ?? stepSecondsNormal) * 1_000,
      log: interpolate(behaviour?.logs[`${key}/${name}`] ?? `##[group]${name}\n##[endgroup]`, contexts)
        .trimEnd()
        .split('\n'),
      status: 'queued',
      conclusion: null,
      startedAt: null,
      completedAt: null,
    })),
    status: 'queued',
    conclusion: null,
    startedAt: null,
    completedAt: null,
    approved: false,
    fails: asked
      ? {
          step: asked.step ?? lastOwnStep,
          log: (asked.log ?? 'The sandbox was asked to fail here.').split('\n'),
        }
      : seeded
        ? { step: seeded.step, log: interpolate(seeded.log, contexts).trimEnd().split('\n') }
        : null,
    deploymentId: null,
  };
}
