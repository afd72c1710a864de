/** What a deploy would change: from the commit that runs now to the one that was named. */
import type { Preview, ReadContext } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import type { ChangeFacts } from '../../core/facts.ts';
import type { Checks, Commit, Comparison, Deployment, Forge } from '../../core/forge.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Service } from '../../core/service.ts';
import { count, didYouMean, listOf } from '../../core/text.ts';

interface Asked {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
}

/** How many commits a card can list and still be read. */
const commitsShownMax = 10;

/** @throws ProblemError `not_found` when there is no such version, naming the nearest. */
export async function previewDeploy(asked: Asked, service: Service, context: ReadContext): Promise<Preview> {
  const { forge } = context;
  const { repository } = service;
  const commit = await resolveVersion(forge, repository, asked);
  const running = await whatRuns(forge, repository, asked.environment);
  const [comparison, checks] = await Promise.all([
    running ? forge.compare(repository, running.sha, commit.sha) : undefined,
    forge.checks(repository, commit.sha),
  ]);
  const authors = [...new Set(comparison?.commits.map((one) => one.author) ?? [commit.author])];
  return {
    sentence: sentenceOf(asked, running, comparison),
    details: [
      { label: 'Commit', value: commitWords(commit, comparison) },
      {
        label: 'Runs now',
        value: running ? runningWords(running, context.now) : 'nothing that GitHub knows of',
      },
      { label: 'Checks', value: checkWords(checks) },
      { label: 'Authors', value: listOf(authors) },
    ],
    commits: (comparison?.commits ?? [commit])
      .slice(0, commitsShownMax)
      .map(({ sha, title, author, url }) => ({ sha, title, author, url })),
    ...(comparison ? { compareUrl: comparison.url } : {}),
    // With what it starts from: a card lists few of many commits, and an approval is of all of them.
    resolved: { commit: commit.sha, ...(running ? { 'running commit': running.sha } : {}) },
    cautions: cautionsOf(comparison, checks),
    change: changeFacts(commit, comparison, checks),
  };
}

/** @throws ProblemError `not_found`, naming the nearest tag. */
export async function resolveVersion(forge: Forge, repository: string, asked: Asked): Promise<Commit> {
  const commit = await forge.resolve(repository, asked.version);
  if (commit) return commit;
  const tags = await forge.tags(repository, 50);
  const newest = tags.slice(0, 3);
  throw new ProblemError(
    problem(
      'not_found',
      `There is no version "${asked.version}" of ${asked.service}.${didYouMean(asked.version, tags)}`,
      newest.length > 0
        ? `The newest are ${listOf(newest)}.`
        : `${repository} has no tags yet; name a branch or a commit.`,
    ),
  );
}

async function whatRuns(
  forge: Forge,
  repository: string,
  environment: string,
): Promise<Deployment | undefined> {
  const deployments = await forge.deployments(repository, environment, 10);
  return deployments.find((one) => one.state === 'success');
}

function sentenceOf(
  asked: Asked,
  running: Deployment | undefined,
  comparison: Comparison | undefined,
): string {
  const what = `Deploys ${asked.service} ${asked.version} to ${asked.environment}`;
  if (!running || !comparison) return `${what}, its first deploy there.`;
  if (comparison.total === 0 && comparison.behind === 0)
    return `${what}: the same commit that runs there now.`;
  if (comparison.total === 0)
    return `${what}: ${count(comparison.behind, 'commit')} back from what runs now.`;
  return `${what}: ${count(comparison.total, 'commit')} since ${running.ref}.`;
}

/** Its title stands in the list of commits already when there is one. */
function commitWords(commit: Commit, comparison: Comparison | undefined): string {
  const sha = commit.sha.slice(0, 7);
  return comparison && comparison.commits.length > 0 ? sha : `${sha} ${commit.title}`;
}

function runningWords(running: Deployment, now: number): string {
  return `${running.ref}, for ${formatDuration(now - running.at)}, by ${running.by}`;
}

function checkWords(checks: Checks): string {
  const names = listOf(checks.names.slice(0, 5));
  switch (checks.state) {
    case 'green':
      return 'all green';
    case 'red':
      return `red: ${names}`;
    case 'pending':
      return `still running: ${names}`;
    case 'none':
      return 'there are none for this commit';
  }
}

function cautionsOf(comparison: Comparison | undefined, checks: Checks): string[] {
  return [
    ...(checks.state === 'red'
      ? [`${count(checks.names.length, 'check is', 'checks are')} red: ${listOf(checks.names.slice(0, 5))}.`]
      : []),
    ...(checks.state === 'pending' ? ['Its checks are still running.'] : []),
    ...(comparison && comparison.behind > 0
      ? [`${count(comparison.behind, 'commit')} that run now would be gone.`]
      : []),
  ];
}

function changeFacts(commit: Commit, comparison: Comparison | undefined, checks: Checks): ChangeFacts {
  const commits = comparison?.commits ?? [commit];
  const emails = commits.map((one) => one.authorEmail.toLowerCase()).filter((email) => email !== '');
  return { commits: comparison?.total ?? 1, authors: [...new Set(emails)].sort(), checks: checks.state };
}
