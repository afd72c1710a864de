/** Check runs and commit statuses: https://docs.github.com/rest/checks and /rest/commits/statuses */
import { z } from 'zod';
import {
  bodyOf,
  GithubError,
  json,
  notFound,
  page,
  type RepositoryCall,
  type RepositoryRoute,
  validationFailed,
} from '../http.ts';
import { apiUrl, simpleRepository } from '../shapes/basics.ts';
import { checkRunShape, checkSuiteShape, simpleStatusShape, statusShape } from '../shapes/checks.ts';
import type { CheckRun, CommitStatus, Repository } from '../state.ts';
import { commitOf } from './commits.ts';

const about = 'repository';
const repo = '/repos/:owner/:repo';
const checksRead = ['checks', 'read'] as const;
const checksWrite = ['checks', 'write'] as const;

export const checkRoutes: readonly RepositoryRoute[] = [
  {
    ...{ about, method: 'GET', path: `${repo}/commits/:ref/check-runs`, needs: checksRead },
    docs: 'checks/runs#list-check-runs-for-a-git-reference',
    handle: listChecks,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/commits/:ref/check-suites`, needs: checksRead },
    docs: 'checks/suites#list-check-suites-for-a-git-reference',
    handle: listSuites,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/check-suites/:suite{[0-9]+}`, needs: checksRead },
    docs: 'checks/suites#get-a-check-suite',
    handle(call) {
      const checks = checksOf(call.repository).filter((check) => String(check.suiteId) === call.params.suite);
      if (checks.length === 0) throw notFound();
      return json(200, checkSuiteShape(call.state, call.repository, checks));
    },
  },
  {
    ...{ about, method: 'POST', path: `${repo}/check-runs`, needs: checksWrite },
    docs: 'checks/runs#create-a-check-run',
    handle: createCheck,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/check-runs/:check{[0-9]+}`, needs: checksRead },
    docs: 'checks/runs#get-a-check-run',
    handle(call) {
      const check = checksOf(call.repository).find((one) => String(one.id) === call.params.check);
      if (!check) throw notFound();
      return json(200, checkRunShape(call.state, call.repository, check));
    },
  },
  {
    ...{ about, method: 'PATCH', path: `${repo}/check-runs/:check{[0-9]+}`, needs: checksWrite },
    docs: 'checks/runs#update-a-check-run',
    handle: updateCheck,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/commits/:ref/status`, needs: ['statuses', 'read'] },
    docs: 'commits/statuses#get-the-combined-status-for-a-specific-reference',
    handle: combinedStatus,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/commits/:ref/statuses`, needs: ['statuses', 'read'] },
    docs: 'commits/statuses#list-commit-statuses-for-a-reference',
    handle(call) {
      const { sha } = commitOf(call.repository, call.params.ref ?? '');
      const found = call.repository.statuses.filter((status) => status.sha === sha).toReversed();
      return page(call, found, (status) => statusShape(call.state, call.repository, status));
    },
  },
  {
    ...{ about, method: 'POST', path: `${repo}/statuses/:sha`, needs: ['statuses', 'write'] },
    docs: 'commits/statuses#create-a-commit-status',
    handle: createStatus,
  },
];

/** Check runs of their own, and the ones that GitHub Actions makes of every job of a run. */
function checksOf(repository: Repository): readonly CheckRun[] {
  const ofJobs = repository.runs.flatMap((run) =>
    run.jobs.map(
      (job): CheckRun => ({
        id: job.id,
        name: job.name,
        headSha: run.headSha,
        suiteId: run.suiteId,
        appSlug: 'github-actions',
        status: job.status === 'waiting' ? 'queued' : job.status,
        conclusion: job.conclusion,
        startedAt: job.startedAt ?? job.createdAt,
        completedAt: job.completedAt,
        detailsUrl: null,
        externalId: '',
        output: { title: null, summary: null, text: null },
      }),
    ),
  );
  return [...repository.checkRuns, ...ofJobs];
}

/** The newest word of each check and status context about a commit. */
export function combinedState(repository: Repository, sha: string): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  for (const status of repository.statuses) if (status.sha === sha) states.set(status.context, status.state);
  for (const check of checksOf(repository)) {
    if (check.headSha !== sha) continue;
    // `skipped` and `neutral` are no success here, other than for a merge.
    states.set(check.name, check.status === 'completed' ? (check.conclusion ?? 'pending') : 'pending');
  }
  return states;
}

function listChecks(call: RepositoryCall) {
  const { query, repository, state } = call;
  const { sha } = commitOf(repository, call.params.ref ?? '');
  const is = (name: string, value: string) => !query.has(name) || query.get(name) === value;
  const all = checksOf(repository).filter(
    (check) => check.headSha === sha && is('check_name', check.name) && is('status', check.status),
  );
  const latest = [...new Map(all.map((check) => [`${check.suiteId}/${check.name}`, check])).values()];
  return page(
    call,
    query.get('filter') === 'all' ? all : latest,
    (check) => checkRunShape(state, repository, check),
    (shown, total) => ({ total_count: total, check_runs: shown }),
  );
}

function listSuites(call: RepositoryCall) {
  const { repository, state } = call;
  const { sha } = commitOf(repository, call.params.ref ?? '');
  const bySuite = Map.groupBy(
    checksOf(repository).filter((check) => check.headSha === sha),
    (check) => check.suiteId,
  );
  return page(
    call,
    [...bySuite.values()],
    (checks) => checkSuiteShape(state, repository, checks),
    (shown, total) => ({ total_count: total, check_suites: shown }),
  );
}

const conclusionSchema = z.enum([
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
]);
const outputSchema = z.object({
  title: z.string().nullish(),
  summary: z.string(),
  text: z.string().nullish(),
});
const checkSchema = z.object({
  name: z.string(),
  head_sha: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: conclusionSchema.optional(),
  details_url: z.string().optional(),
  external_id: z.string().default(''),
  output: outputSchema.optional(),
});

function createCheck(call: RepositoryCall) {
  const { state, repository } = call;
  const body = bodyOf(call, checkSchema, 'CheckRun');
  const { sha } = commitOf(repository, body.head_sha);
  const now = state.clock.now();
  const status = body.conclusion ? 'completed' : (body.status ?? 'queued');
  if (status === 'completed' && !body.conclusion)
    throw validationFailed([{ resource: 'CheckRun', field: 'conclusion', code: 'missing_field' }]);
  const known = repository.checkRuns.find((one) => one.headSha === sha && one.appSlug === state.app.slug);
  const check: CheckRun = {
    id: state.nextId(),
    name: body.name,
    headSha: sha,
    suiteId: known?.suiteId ?? state.nextId(),
    appSlug: state.app.slug,
    status,
    conclusion: body.conclusion ?? null,
    startedAt: now,
    completedAt: status === 'completed' ? now : null,
    detailsUrl: body.details_url ?? null,
    externalId: body.external_id,
    output: outputOf(body.output),
  };
  repository.checkRuns.push(check);
  state.emit('check_run', 'created', repository, { check_run: check }, call.caller.account.login);
  return json(201, checkRunShape(state, repository, check));
}

function updateCheck(call: RepositoryCall) {
  const { state, repository } = call;
  const check = repository.checkRuns.find((one) => String(one.id) === call.params.check);
  if (!check) throw notFound();
  // As on GitHub, an App changes only what it made.
  if (check.appSlug !== state.app.slug)
    throw new GithubError(
      403,
      'Invalid app_id `' +
        String(state.app.id) +
        '` - check run can only be modified by the GitHub App that created it.',
    );
  const body = bodyOf(call, checkSchema.partial(), 'CheckRun');
  const wasCompleted = check.status === 'completed';
  check.status = body.conclusion ? 'completed' : (body.status ?? check.status);
  check.conclusion = body.conclusion ?? (check.status === 'completed' ? check.conclusion : null);
  if (check.status === 'completed') check.completedAt ??= state.clock.now();
  if (body.details_url !== undefined) check.detailsUrl = body.details_url;
  if (body.output) check.output = outputOf(body.output);
  if (check.status === 'completed' && !wasCompleted)
    state.emit('check_run', 'completed', repository, { check_run: check }, call.caller.account.login);
  return json(200, checkRunShape(state, repository, check));
}

function combinedStatus(call: RepositoryCall) {
  const { state, repository } = call;
  const { sha } = commitOf(repository, call.params.ref ?? '');
  const latest = [
    ...new Map(
      repository.statuses.filter((status) => status.sha === sha).map((status) => [status.context, status]),
    ).values(),
  ];
  const has = (...states: readonly string[]) => latest.some((status) => states.includes(status.state));
  return page(
    call,
    latest,
    (status) => simpleStatusShape(state, repository, status),
    (shown, total) => ({
      // Without any status GitHub says `pending`, also when check runs are green.
      state: has('failure', 'error') ? 'failure' : has('pending') || total === 0 ? 'pending' : 'success',
      statuses: shown,
      sha,
      total_count: total,
      repository: simpleRepository(state, repository),
      commit_url: `${apiUrl(state, repository)}/commits/${sha}`,
      url: `${apiUrl(state, repository)}/commits/${sha}/status`,
    }),
  );
}

const statusSchema = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
  context: z.string().default('default'),
});

function createStatus(call: RepositoryCall) {
  const { state, repository } = call;
  const { sha } = commitOf(repository, call.params.sha ?? '');
  const body = bodyOf(call, statusSchema, 'Status');
  const status: CommitStatus = {
    id: state.nextId(),
    sha,
    state: body.state,
    context: body.context,
    description: body.description ?? null,
    targetUrl: body.target_url ?? null,
    creator: call.caller.account.login,
    createdAt: state.clock.now(),
  };
  repository.statuses.push(status);
  return json(201, statusShape(state, repository, status));
}

function outputOf(output: z.infer<typeof outputSchema> | undefined): CheckRun['output'] {
  return { title: output?.title ?? null, summary: output?.summary ?? null, text: output?.text ?? null };
}
