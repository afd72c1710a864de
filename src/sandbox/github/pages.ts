/**
 * Where `html_url` leads: one plain page for a repository, a run, a commit, a comparison and a pull request, so that links in
 * cards open something true. Read-only, without scripts; everything that is shown is escaped by `html`.
 */
import { html } from 'hono/html';
import { compare, resolveCommit } from './git.ts';
import { type Call, notFound, type OpenRoute } from './http.ts';
import { currentJobs } from './runs.ts';
import { jobLog } from './shapes/actions.ts';
import { filesOf } from './shapes/commits.ts';
import { pullDifference } from './shapes/pulls.ts';
import type { Commit, Job, Repository, Run } from './state.ts';

type PageCall = Omit<Call, 'caller'>;
type Html = ReturnType<typeof html>;

const repo = '/:owner/:repo';

export const pageRoutes: readonly OpenRoute[] = [
  pageRoute(repo, repositoryPage),
  pageRoute(`${repo}/actions/runs/:run{[0-9]+}`, runPage),
  pageRoute(`${repo}/actions/runs/:run{[0-9]+}/job/:job{[0-9]+}`, runPage),
  pageRoute(`${repo}/commit/:sha`, commitPage),
  pageRoute(`${repo}/compare/:basehead{.+}`, comparePage),
  pageRoute(`${repo}/pull/:pull{[0-9]+}`, pullPage),
];

function pageRoute(path: string, draw: (call: PageCall, repository: Repository) => Html): OpenRoute {
  return {
    ...{ about: 'open', method: 'GET', path, docs: '' },
    async handle(call) {
      const repository = call.state.repositories.get(call.params.repo ?? '');
      if (!repository || repository.owner !== call.params.owner) throw notFound();
      const body = String(await draw(call, repository));
      return {
        status: 200,
        body,
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
      };
    },
  };
}

const policy = "default-src 'none'; style-src 'unsafe-inline'";

function repositoryPage(_call: PageCall, repository: Repository): Html {
  const head = resolveCommit(repository, repository.defaultBranch);
  const tags = [...repository.refs.keys()].flatMap((name) => /^refs\/tags\/(.+)$/.exec(name)?.[1] ?? []);
  const root = `/${repository.owner}/${repository.name}`;
  return frame(
    repository,
    repository.description,
    html`<p>Tags: ${tags.join(', ')}</p><h2>Newest commit</h2>${commitList(repository, head ? [head] : [])}
      <h2>Runs</h2><ul>${repository.runs
        .slice(-10)
        .reverse()
        .map(
          (run) =>
            html`<li><a href="${root}/actions/runs/${run.id}">${run.displayTitle}</a>: ${stateOf(run)}</li>`,
        )}</ul>`,
  );
}

function runPage(call: PageCall, repository: Repository): Html {
  const run = repository.runs.find((one) => String(one.id) === call.params.run);
  if (!run) throw notFound();
  const jobs = currentJobs(run).filter((job) => !call.params.job || String(job.id) === call.params.job);
  const goesOn = run.status !== 'completed';
  return frame(
    repository,
    run.displayTitle,
    html`<p>${run.file.name} #${run.number} on ${run.headRef}, by ${run.triggeringActor}: <b>${stateOf(run)}</b></p>
      ${jobs.map(jobSection)}`,
    goesOn,
  );
}

function jobSection(job: Job): Html {
  const log = jobLog(job);
  return html`<section><h2>${job.name}: ${stateOf(job)}</h2>
    ${job.status === 'waiting' ? html`<p>Waits for the reviewers of ${job.environment}.</p>` : ''}
    <ol>${job.steps.map((step) => html`<li>${step.name}: ${step.conclusion ?? step.status}</li>`)}</ol>
    ${log === '' ? '' : html`<pre>${log}</pre>`}</section>`;
}

function commitPage(call: PageCall, repository: Repository): Html {
  const commit = resolveCommit(repository, call.params.sha ?? '');
  if (!commit) throw notFound();
  const [title = '', ...rest] = commit.message.split('\n');
  return frame(
    repository,
    title,
    html`<p>${commit.author.name}, ${new Date(commit.author.at).toISOString()}</p>
      <pre>${rest.join('\n').trim()}</pre>${filesOf(repository, commit).map(fileSection)}`,
  );
}

function comparePage(call: PageCall, repository: Repository): Html {
  const [base = '', head = ''] = (call.params.basehead ?? '').split('...');
  const [from, to] = [resolveCommit(repository, base), resolveCommit(repository, head)];
  const difference = from && to && compare(repository, from, to);
  if (!difference) throw notFound();
  return frame(
    repository,
    `${base} … ${head}`,
    html`${commitList(repository, difference.ahead)}${difference.files.map(fileSection)}`,
  );
}

function pullPage(call: PageCall, repository: Repository): Html {
  const pull = repository.pulls.find((one) => String(one.number) === call.params.pull);
  if (!pull) throw notFound();
  const difference = pullDifference(repository, pull);
  const state = pull.mergedAt === null ? pull.state : `merged by ${pull.mergedBy}`;
  return frame(
    repository,
    `${pull.title} #${pull.number}`,
    html`<p>${pull.author} wants to merge ${pull.headRef} into ${pull.baseRef}: <b>${state}</b></p>
      <p>${pull.body ?? ''}</p>${commitList(repository, difference?.ahead ?? [])}
      ${(difference?.files ?? []).map(fileSection)}`,
  );
}

function commitList(repository: Repository, commits: readonly Commit[]): Html {
  const root = `/${repository.owner}/${repository.name}/commit`;
  return html`<ul>${commits.map(
    (commit) =>
      html`<li><a href="${root}/${commit.sha}">${commit.sha.slice(0, 7)}</a> ${commit.message.split('\n')[0]}
        (${commit.author.name})</li>`,
  )}</ul>`;
}

function fileSection(file: ReturnType<typeof filesOf>[number]): Html {
  return html`<section><h2>${file.filename} +${file.additions} −${file.deletions}</h2><pre>${file.patch}</pre></section>`;
}

function stateOf(one: Pick<Run | Job, 'status' | 'conclusion'>): string {
  return one.conclusion ?? one.status.replace('_', ' ');
}

function frame(repository: Repository, title: string, body: Html, refreshes = false): Html {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    ${refreshes ? html`<meta http-equiv="refresh" content="2">` : ''}
    <title>${title} · ${repository.owner}/${repository.name}</title>
    <style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
    h1{font-size:1.4rem}h2{font-size:1.1rem}pre{overflow:auto;padding:.75rem;background:color-mix(in srgb,currentColor 8%,transparent);font-size:13px}</style>
    </head><body><p>${repository.owner}/${repository.name}, in the sandbox's GitHub</p><h1>${title}</h1>${body}</body></html>`;
}
