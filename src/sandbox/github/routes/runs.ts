/** Runs, jobs and logs: https://docs.github.com/rest/actions/workflow-runs and /rest/actions/workflow-jobs */
import { randomUUID } from 'node:crypto';
import {
  GithubError,
  json,
  notFound,
  type OpenRoute,
  page,
  type RepositoryCall,
  type RepositoryRoute,
} from '../http.ts';
import { currentJobs, type RunEngine } from '../runs.ts';
import { jobLog, jobShape, runShape } from '../shapes/actions.ts';
import type { Job, Run } from '../state.ts';

import { workflowOf } from './workflows.ts';

const about = 'repository';
const actions = '/repos/:owner/:repo/actions';
const run = `${actions}/runs/:run{[0-9]+}`;
/** A link to logs is good for a minute: https://docs.github.com/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run */
const logLinkMs = 60_000;

export const runRoutes = (engine: RunEngine): readonly RepositoryRoute[] => [
  {
    ...{ about, method: 'GET', path: `${actions}/runs`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-runs#list-workflow-runs-for-a-repository',
    handle: (call) => listRuns(call, call.repository.runs),
  },
  {
    ...{ about, method: 'GET', path: `${actions}/workflows/:workflow/runs`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-runs#list-workflow-runs-for-a-workflow',
    handle(call) {
      const { id } = workflowOf(call);
      return listRuns(
        call,
        call.repository.runs.filter((one) => one.workflow.id === id),
      );
    },
  },
  {
    ...{ about, method: 'GET', path: run, needs: ['actions', 'read'] },
    docs: 'actions/workflow-runs#get-a-workflow-run',
    handle: (call) => json(200, runShape(call.state, call.repository, runOf(call))),
  },
  {
    ...{ about, method: 'GET', path: `${run}/attempts/:attempt{[0-9]+}`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-runs#get-a-workflow-run-attempt',
    handle: (call) =>
      json(200, runShape(call.state, call.repository, runOf(call), attemptOf(call, runOf(call)))),
  },
  {
    ...{ about, method: 'GET', path: `${run}/jobs`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-jobs#list-jobs-for-a-workflow-run',
    handle(call) {
      const found = runOf(call);
      return listJobs(call, found, call.query.get('filter') === 'all' ? found.jobs : currentJobs(found));
    },
  },
  {
    ...{ about, method: 'GET', path: `${run}/attempts/:attempt{[0-9]+}/jobs`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt',
    handle(call) {
      const found = runOf(call);
      const attempt = attemptOf(call, found);
      return listJobs(
        call,
        found,
        found.jobs.filter((job) => job.attempt === attempt),
      );
    },
  },
  {
    ...{ about, method: 'GET', path: `${actions}/jobs/:job{[0-9]+}`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-jobs#get-a-job-for-a-workflow-run',
    handle(call) {
      const found = jobOf(call);
      return json(200, jobShape(call.state, call.repository, found.run, found.job));
    },
  },
  {
    ...{ about, method: 'GET', path: `${actions}/jobs/:job{[0-9]+}/logs`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-jobs#download-job-logs-for-a-workflow-run',
    handle(call) {
      const { job } = jobOf(call);
      // Until the job has ended GitHub has no log to give, and says so with 404.
      if (job.status !== 'completed') throw notFound();
      return linkTo(call, jobLog(job));
    },
  },
  {
    ...{ about, method: 'GET', path: `${run}/logs`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-runs#download-workflow-run-logs',
    async handle(call) {
      const ended = currentJobs(runOf(call)).filter((job) => job.status === 'completed');
      if (ended.length === 0) throw notFound();
      // Loaded when somebody wants an archive: most worlds end without one.
      const { strToU8, zipSync } = await import('fflate');
      const files = ended.map((job, index) => [`${index}_${job.name}.txt`, strToU8(jobLog(job))]);
      return linkTo(call, zipSync(Object.fromEntries(files)));
    },
  },
  {
    ...{ about, method: 'GET', path: `${run}/artifacts`, needs: ['actions', 'read'] },
    docs: 'actions/artifacts#list-workflow-run-artifacts',
    handle(call) {
      runOf(call);
      return json(200, { total_count: 0, artifacts: [] });
    },
  },
  ...['cancel', 'force-cancel'].map(
    (verb): RepositoryRoute => ({
      ...{ about, method: 'POST', path: `${run}/${verb}`, needs: ['actions', 'write'] },
      docs: `actions/workflow-runs#${verb}-a-workflow-run`,
      handle(call) {
        const found = runOf(call);
        if (found.status === 'completed')
          throw new GithubError(409, 'Cannot cancel a workflow run that is completed.');
        engine.cancel(call.repository, found);
        return json(202, {});
      },
    }),
  ),
  {
    ...{ about, method: 'POST', path: `${run}/rerun`, needs: ['actions', 'write'] },
    docs: 'actions/workflow-runs#re-run-a-workflow',
    handle: (call) => rerun(call, engine, runOf(call), 'all'),
  },
  {
    ...{ about, method: 'POST', path: `${run}/rerun-failed-jobs`, needs: ['actions', 'write'] },
    docs: 'actions/workflow-runs#re-run-failed-jobs-from-a-workflow-run',
    handle(call) {
      const found = runOf(call);
      if (found.status === 'completed' && currentJobs(found).every((job) => job.conclusion === 'success'))
        throw new GithubError(403, 'The workflow run containing this job has no failed jobs');
      return rerun(call, engine, found, 'failed');
    },
  },
  {
    ...{ about, method: 'POST', path: `${actions}/jobs/:job{[0-9]+}/rerun`, needs: ['actions', 'write'] },
    docs: 'actions/workflow-runs#re-run-a-job-from-a-workflow-run',
    handle(call) {
      const found = jobOf(call);
      return rerun(call, engine, found.run, found.job);
    },
  },
];

/** Where the links to logs lead: no token, but a ticket that runs out. */
export const logRoutes: readonly OpenRoute[] = [
  {
    about: 'open',
    method: 'GET',
    path: '/_logs/:ticket',
    docs: 'actions/workflow-jobs#download-job-logs-for-a-workflow-run',
    handle({ state, params }) {
      const ticket = state.logTickets.get(params.ticket ?? '');
      if (!ticket || ticket.expiresAt <= state.clock.now()) throw notFound();
      const type = typeof ticket.body === 'string' ? 'text/plain; charset=utf-8' : 'application/zip';
      return { status: 200, body: ticket.body, headers: { 'content-type': type } };
    },
  },
];

export function runOf(call: RepositoryCall): Run {
  const found = call.repository.runs.find((one) => String(one.id) === call.params.run);
  if (!found) throw notFound();
  return found;
}

function listRuns(call: RepositoryCall, runs: readonly Run[]) {
  const { query } = call;
  const created = createdFilter(query.get('created'));
  const wanted = (one: Run) =>
    matches(query.get('event'), one.event) &&
    // `status` takes a status or a conclusion.
    (matches(query.get('status'), one.status) || query.get('status') === one.conclusion) &&
    matches(query.get('branch'), one.headRef) &&
    matches(query.get('actor')?.toLowerCase(), one.actor.toLowerCase()) &&
    matches(query.get('head_sha'), one.headSha) &&
    matches(query.get('check_suite_id'), String(one.suiteId)) &&
    created(one.createdAt);
  return page(
    call,
    runs.filter(wanted).toReversed(),
    (one) => runShape(call.state, call.repository, one),
    (shown, total) => ({ total_count: total, workflow_runs: shown }),
  );
}

function listJobs(call: RepositoryCall, found: Run, jobs: readonly Job[]) {
  return page(
    call,
    jobs,
    (job) => jobShape(call.state, call.repository, found, job),
    (shown, total) => ({ total_count: total, jobs: shown }),
  );
}

function rerun(call: RepositoryCall, engine: RunEngine, found: Run, what: 'all' | 'failed' | Job) {
  if (found.status !== 'completed') throw new GithubError(403, 'This workflow is already running');
  engine.rerun(call.repository, found, what, call.caller.account.login);
  return json(201, {});
}

function attemptOf(call: RepositoryCall, found: Run): number {
  const attempt = Number(call.params.attempt);
  if (attempt < 1 || attempt > found.attempt) throw notFound();
  return attempt;
}

function jobOf(call: RepositoryCall): { run: Run; job: Job } {
  for (const one of call.repository.runs) {
    const job = one.jobs.find((each) => String(each.id) === call.params.job);
    if (job) return { run: one, job };
  }
  throw notFound();
}

function linkTo(call: RepositoryCall, body: string | Uint8Array) {
  const { state } = call;
  const now = state.clock.now();
  for (const [old, { expiresAt }] of state.logTickets) if (expiresAt <= now) state.logTickets.delete(old);
  const ticket = randomUUID();
  state.logTickets.set(ticket, { body, expiresAt: now + logLinkMs });
  return { status: 302, headers: { location: `${state.baseUrl}/_logs/${ticket}` } };
}

const matches = (asked: string | null | undefined, value: string): boolean =>
  asked === null || asked === undefined || asked === value;

/** `>=2026-01-01`, `<2026-01-01T00:00:00Z`, `2026-01-01..2026-02-01`, `2026-01-01` (that day). */
function createdFilter(text: string | null): (at: number) => boolean {
  if (text === null) return () => true;
  const [from, to] = text.split('..');
  if (from !== undefined && to !== undefined)
    return (at) => (from === '*' || at >= Date.parse(from)) && (to === '*' || at <= endOf(to));
  const [, sign = '', moment = ''] = /^(>=|<=|>|<)?(.+)$/.exec(text) ?? [];
  const start = Date.parse(moment);
  switch (sign) {
    case '>=':
      return (at) => wholeSecond(at) >= start;
    case '>':
      return (at) => at > endOf(moment);
    case '<=':
      return (at) => wholeSecond(at) <= endOf(moment);
    case '<':
      return (at) => at < start;
    default:
      return (at) => wholeSecond(at) >= start && wholeSecond(at) <= endOf(moment);
  }
}

const wholeSecond = (at: number): number => Math.floor(at / 1_000) * 1_000;

/** A day without a time stands for all of it. */
function endOf(moment: string): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(moment);
  return Date.parse(moment) + (isDay ? 86_399_999 : 0);
}
