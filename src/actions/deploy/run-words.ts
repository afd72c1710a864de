/** A workflow run in words: for a step's note, its progress, and the sentence of a run that did not work. */
import { formatDuration } from '../../core/duration.ts';
import type { WorkflowRun } from '../../core/forge.ts';
import { problem } from '../../core/problem.ts';

export function runNote(run: WorkflowRun): string {
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

export function jobLines(run: WorkflowRun): string[] {
  return run.jobs.map((job) => `${job.name}: ${jobWords[job.state]}`);
}

export function runFailed(run: WorkflowRun) {
  const failed = run.jobs.find((job) => job.state === 'failure');
  if (failed) {
    const where = failed.failedStep === undefined ? '' : ` at "${failed.failedStep}"`;
    return problem('step_failed', `The job ${failed.name} failed${where}.`, `Read its log: ${failed.url}`);
  }
  const what = run.conclusion === 'cancelled' ? 'was cancelled at GitHub' : `ended as ${run.conclusion}`;
  return problem('step_failed', `The workflow run ${what}.`, `See it: ${run.url}`);
}

export function runTooLong(run: WorkflowRun, limitMs: number) {
  return problem(
    'step_failed',
    `The workflow run did not end within ${formatDuration(limitMs)}.`,
    `See where it hangs: ${run.url}`,
  );
}

export function runNotFound(service: string) {
  return problem(
    'step_failed',
    `GitHub took the order to deploy ${service}, but no run appeared.`,
    'Check that the workflow takes the input "greenlight_request" and shows it in its run-name, then ask again.',
  );
}

export function outAlready({ version, service }: { readonly version: string; readonly service: string }) {
  return problem(
    'undo_failed',
    `${version} is out already, so its deploy cannot be taken back.`,
    `Deploy the former version of ${service} to go back to it.`,
  );
}

export function workflowGone(repository: string, workflow: string) {
  return problem(
    'not_found',
    `${repository} has no workflow ${workflow} that GitHub would run: it was renamed, removed or switched off.`,
    'Name the workflow of today in the catalog (deploy.workflow), or switch it on again at GitHub.',
  );
}
