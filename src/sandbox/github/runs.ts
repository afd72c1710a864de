/**
 * Workflow runs: made by a dispatch, carried forward by the sandbox's clock, job by job and step by step. One
 * function, `proceed`, looks at a run and begins whatever may begin; timers and the control API only call it.
 */
import { type AutomaticDeployments, automaticDeployments } from './automatic-deployments.ts';
import { freshJob, type NewRun, type NextRun, newRun } from './new-run.ts';
import type { Conclusion, GithubState, Job, Repository, Run, WorkflowRef } from './state.ts';

/** Between the asking and the first job's start; GitHub takes a second or two as well. */
const queueMs = 1_000;

export interface CompletedRun {
  readonly repository: string;
  readonly runId: number;
  readonly attempt: number;
  /** File name of the workflow: `deploy.yml`. */
  readonly workflow: string;
  readonly displayTitle: string;
  readonly headSha: string;
  readonly headRef: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly conclusion: Conclusion;
}

export interface RunEngine {
  start(repository: Repository, input: NewRun): Run;
  cancel(repository: Repository, run: Run): void;
  /** A new attempt of all jobs, of the failed ones and what needs them, or of one job and what needs it. */
  rerun(repository: Repository, run: Run, what: 'all' | 'failed' | Job, actor: string): void;
  review(
    repository: Repository,
    run: Run,
    environments: readonly string[],
    verdict: 'approved' | 'rejected',
    by: string,
    comment: string,
  ): void;
  hold(run: Run): void;
  release(repository: Repository, run: Run): void;
  finish(repository: Repository, run: Run, conclusion: 'success' | 'failure'): void;
  prepareNext(next: NextRun): void;
  /** Forgets what was prepared. */
  reset(): void;
  onCompleted(listener: (run: CompletedRun) => void): () => void;
}

export function createRunEngine(state: GithubState): RunEngine {
  const listeners = new Set<(run: CompletedRun) => void>();
  const prepared: NextRun[] = [];
  const deployments: AutomaticDeployments = automaticDeployments(state);

  // After a reset there are new repositories: what was under way in an old one has no next step.
  const later = (repository: Repository, delayMs: number, go: () => void) =>
    state.clock.after(delayMs, () => {
      if (state.repositories.get(repository.name) === repository) go();
    });
  const touch = (run: Run) => {
    run.updatedAt = state.clock.now();
  };
  const tellRun = (repository: Repository, run: Run, action: string) =>
    state.emit('workflow_run', action, repository, { workflow_run: run }, run.actor);
  const tellJob = (repository: Repository, run: Run, job: Job, action: string) =>
    state.emit('workflow_job', action, repository, { workflow_job: job, workflow_run: run }, run.actor);

  const startJob = (repository: Repository, run: Run, job: Job) => {
    job.status = 'in_progress';
    job.startedAt = state.clock.now();
    tellJob(repository, run, job, 'in_progress');
    deployments.jobStarted(repository, run, job);
    if (run.status !== 'in_progress') {
      run.status = 'in_progress';
      tellRun(repository, run, 'in_progress');
    }
    nextStep(repository, run, job);
  };

  const nextStep = (repository: Repository, run: Run, job: Job) => {
    const step = job.steps.find((one) => one.status === 'queued');
    if (!step) return endJob(repository, run, job, 'success');
    step.status = 'in_progress';
    step.startedAt = state.clock.now();
    touch(run);
    later(repository, step.durationMs, () => {
      // Meanwhile the job may have been cancelled or finished by hand.
      if (step.status !== 'in_progress' || job.status !== 'in_progress') return;
      endStep(step, job.fails?.step === step.name ? 'failure' : 'success', state.clock.now());
      if (step.conclusion === 'failure') endJob(repository, run, job, 'failure');
      else nextStep(repository, run, job);
    });
  };

  const endJob = (repository: Repository, run: Run, job: Job, conclusion: Conclusion) => {
    const now = state.clock.now();
    for (const step of job.steps) {
      if (step.status === 'completed') continue;
      const isCleanUp = step.name === 'Complete job' && conclusion === 'failure';
      const begun = step.status === 'in_progress' || isCleanUp || conclusion === 'success';
      step.startedAt ??= begun ? now : null;
      endStep(step, isCleanUp ? 'success' : begun ? conclusion : 'skipped', now);
    }
    job.status = 'completed';
    job.conclusion = conclusion;
    job.startedAt ??= now;
    job.completedAt = now;
    touch(run);
    tellJob(repository, run, job, 'completed');
    deployments.jobEnded(repository, run, job);
    proceed(repository, run);
  };

  const proceed = (repository: Repository, run: Run) => {
    if (run.status === 'completed' || run.held) return;
    for (const job of currentJobs(run)) {
      if (job.status !== 'queued' && job.status !== 'waiting') continue;
      const needed = currentJobs(run).filter((one) => job.needs.includes(one.key));
      if (run.cancelling) endJob(repository, run, job, 'cancelled');
      else if (needed.some((one) => one.status === 'completed' && one.conclusion !== 'success'))
        endJob(repository, run, job, 'skipped');
      else if (needed.every((one) => one.conclusion === 'success')) {
        if (isProtected(repository, job) && !job.approved) waitForReview(repository, run, job);
        else startJob(repository, run, job);
      }
    }
    settle(repository, run);
  };

  const waitForReview = (repository: Repository, run: Run, job: Job) => {
    if (job.status === 'waiting') return;
    job.status = 'waiting';
    touch(run);
    tellJob(repository, run, job, 'waiting');
    deployments.jobWaits(repository, run, job);
  };

  const settle = (repository: Repository, run: Run) => {
    const jobs = currentJobs(run);
    if (run.status === 'completed') return;
    if (jobs.every((job) => job.status === 'completed')) {
      run.status = 'completed';
      run.conclusion = conclusionOf(run, jobs);
      touch(run);
      tellRun(repository, run, 'completed');
      for (const listener of listeners) listener(completedRun(repository, run, run.conclusion));
    } else if (
      jobs.some((job) => job.status === 'waiting') &&
      !jobs.some((job) => job.status === 'in_progress')
    ) {
      run.status = 'waiting';
    }
  };

  const queue = (repository: Repository, run: Run) => {
    tellRun(repository, run, 'requested');
    for (const job of currentJobs(run)) tellJob(repository, run, job, 'queued');
    later(repository, queueMs, () => proceed(repository, run));
  };

  return {
    start(repository, input) {
      const index = prepared.findIndex((next) => isMeant(next, repository, input.workflow));
      const next = index < 0 ? undefined : prepared.splice(index, 1)[0];
      const run = newRun(state, repository, input, next);
      repository.runs.push(run);
      queue(repository, run);
      return run;
    },
    cancel(repository, run) {
      run.cancelling = true;
      run.held = false;
      for (const job of currentJobs(run))
        if (job.status === 'in_progress') endJob(repository, run, job, 'cancelled');
      proceed(repository, run);
    },
    rerun(repository, run, what, actor) {
      const jobs = currentJobs(run);
      const again = new Set(chosenJobs(jobs, what).map((job) => job.key));
      run.attempt += 1;
      const copies = jobs.map((job) => {
        if (!again.has(job.key)) return { ...job, id: state.nextId(), attempt: run.attempt };
        return freshJob(state, repository, run, job.key, undefined);
      });
      run.jobs.push(...copies);
      Object.assign(run, { status: 'queued', conclusion: null, cancelling: false, triggeringActor: actor });
      run.startedAt = state.clock.now();
      touch(run);
      queue(repository, run);
    },
    review(repository, run, environments, verdict, by, comment) {
      for (const environment of environments)
        run.approvals.push({ environment, state: verdict, login: by, comment });
      for (const job of currentJobs(run)) {
        const name = job.environment;
        if (job.status !== 'waiting' || name === null || !environments.includes(name)) continue;
        if (verdict === 'approved') job.approved = true;
        else endJob(repository, run, job, 'failure');
      }
      proceed(repository, run);
    },
    hold(run) {
      run.held = true;
    },
    release(repository, run) {
      run.held = false;
      proceed(repository, run);
    },
    finish(repository, run, conclusion) {
      run.held = false;
      for (const job of currentJobs(run)) {
        if (job.status === 'completed') continue;
        if (conclusion === 'failure') job.fails = null;
        endJob(repository, run, job, conclusion);
      }
    },
    prepareNext: (next) => {
      prepared.push(next);
    },
    reset: () => {
      prepared.length = 0;
    },
    onCompleted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The jobs of the attempt that runs or ran last. */
export function currentJobs(run: Run): readonly Job[] {
  return run.jobs.filter((job) => job.attempt === run.attempt);
}

function isProtected(repository: Repository, job: Pick<Job, 'environment'>): boolean {
  const environment = job.environment === null ? undefined : repository.environments.get(job.environment);
  return (environment?.reviewers.length ?? 0) > 0;
}

function chosenJobs(jobs: readonly Job[], what: 'all' | 'failed' | Job): readonly Job[] {
  if (what === 'all') return jobs;
  const chosen = new Set(
    jobs
      .filter((job) => (what === 'failed' ? job.conclusion !== 'success' : job.key === what.key))
      .map((job) => job.key),
  );
  // GitHub runs what depends on a chosen job again as well; files list needs before their users or not, so repeat.
  for (let grew = true; grew; ) {
    const more = jobs.filter((job) => !chosen.has(job.key) && job.needs.some((key) => chosen.has(key)));
    for (const job of more) chosen.add(job.key);
    grew = more.length > 0;
  }
  return jobs.filter((job) => chosen.has(job.key));
}

function conclusionOf(run: Run, jobs: readonly Job[]): Conclusion {
  if (jobs.some((job) => job.conclusion === 'failure')) return 'failure';
  return run.cancelling || jobs.some((job) => job.conclusion === 'cancelled') ? 'cancelled' : 'success';
}

function endStep(step: Job['steps'][number], conclusion: Conclusion, at: number): void {
  step.status = 'completed';
  step.conclusion = conclusion;
  step.completedAt = step.startedAt === null ? null : at;
}

function isMeant(next: NextRun, repository: Repository, workflow: WorkflowRef): boolean {
  const isRepository = next.repository === undefined || next.repository === repository.name;
  return isRepository && (next.workflow === undefined || workflow.path.endsWith(`/${next.workflow}`));
}

function completedRun(repository: Repository, run: Run, conclusion: Conclusion): CompletedRun {
  return {
    repository: repository.name,
    runId: run.id,
    attempt: run.attempt,
    workflow: run.workflow.path.split('/').at(-1) ?? run.workflow.path,
    displayTitle: run.displayTitle,
    headSha: run.headSha,
    headRef: run.headRef,
    inputs: run.inputs,
    conclusion,
  };
}
