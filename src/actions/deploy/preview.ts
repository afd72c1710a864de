/** What a deploy would change: from the commit that runs now to the one that was named. */
import type { Preview, ReadContext } from '../../core/action.ts';
import type { Checks, Commit, Comparison } from '../../core/forge.ts';
import { ProblemError, problemFrom } from '../../core/problem.ts';
import type { MergedPull } from '../../core/pulls.ts';
import type { Service } from '../../core/service.ts';
import { placeText } from '../service/place.ts';
import {
  authorFacts,
  byStrangers,
  migrationsIn,
  missingChecks,
  type Order,
  orderOf,
  requiredChecks,
  sizeOf,
} from './facts.ts';
import { cautionsOf, detailsOf, sentenceOf } from './preview-words.ts';
import { workflowGone } from './run-words.ts';
import { type Running, whatRuns } from './running.ts';
import { wayOfDeploying } from './service.ts';
import { resolveVersion, type Version } from './version.ts';

interface Asked {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
}

/** Everything that was found out about one deploy. */
export interface Change {
  readonly asked: Asked;
  readonly version: Version;
  readonly running: Running;
  readonly comparison: Comparison | undefined;
  readonly checks: Checks;
  readonly missing: readonly string[];
  readonly order: Order;
  readonly migrations: readonly string[];
  /** Those whose authors the catalog does not know. */
  readonly strange: readonly Commit[];
  /** Named by its hash alone, and on no branch that people look at. */
  readonly isStray: boolean;
  /** `unknown` when GitHub does not show them. */
  readonly pulls: readonly MergedPull[] | 'unknown';
}

/** How many commits a card can list and still be read. */
const commitsShownMax = 10;

/** @throws ProblemError `not_found` when there is no such version, naming the nearest. */
export async function previewDeploy(asked: Asked, service: Service, context: ReadContext): Promise<Preview> {
  const change = await lookAt(asked, service, context);
  const { version, running, comparison, checks, order, pulls } = change;
  const { name, commit } = version;
  const commits = comparison?.commits ?? [commit];
  return {
    sentence: sentenceOf(change),
    details: detailsOf(change, context.now),
    commits: commits
      .slice(0, commitsShownMax)
      .map(({ sha, title, author, url }) => ({ sha, title, author, url })),
    ...(comparison ? { compareUrl: comparison.url } : {}),
    ...(pulls === 'unknown' || pulls.length === 0
      ? {}
      : { pulls: pulls.map(({ number, title, author, url }) => ({ number, title, author, url })) }),
    // With what it starts from: a card lists few of many commits, and an approval is of all of them.
    resolved: {
      commit: commit.sha,
      version: name,
      'way of deploying': wayOfDeploying(service, asked.environment),
      place: placeText(asked, context.catalog),
      ...(running.deployment
        ? { 'running commit': running.deployment.sha, 'running version': running.deployment.ref }
        : {}),
    },
    cautions: cautionsOf(change),
    change: {
      commits: comparison?.total ?? 1,
      ...authorFacts(commits, comparison?.total ?? 1, context.catalog),
      checks: checks.state,
      requiredChecks: requiredChecks(service, checks),
      migrations: change.migrations.length > 0,
      order: order.state,
      size: sizeOf(comparison),
    },
  };
}

async function lookAt(asked: Asked, service: Service, context: ReadContext): Promise<Change> {
  const { forge } = context;
  const { repository } = service;
  const [version, running] = await Promise.all([
    resolveVersion(forge, { name: asked.service, entry: service }, asked.version),
    whatRuns(asked, context),
    refuseMissingWorkflow(service, context),
  ]);
  const { sha } = version.commit;
  const [comparison, checks, order, isStray] = await Promise.all([
    running.deployment ? forge.compare(repository, running.deployment.sha, sha) : undefined,
    forge.checks(repository, sha),
    orderOf(service, asked.environment, sha, context),
    version.as === 'commit' && isOffDefault(repository, sha, context),
  ]);
  return {
    ...{ asked, version, running, comparison, checks, order, isStray },
    missing: missingChecks(service, checks),
    migrations: migrationsIn(service, comparison),
    strange: byStrangers(comparison?.commits ?? [version.commit], context.catalog),
    pulls: await pullsOf(repository, comparison, context),
  };
}

/**
 * GitHub finds commits of forks under the repository's own name: anybody who may fork it can make one that nobody here
 * has looked at. One that is on the default branch is none of those.
 */
async function isOffDefault(repository: string, sha: string, { forge }: ReadContext): Promise<boolean> {
  try {
    return (await forge.compare(repository, sha, await forge.defaultBranch(repository), 'none')).behind > 0;
  } catch (error) {
    if (problemFrom(error).isTransient) throw error;
    return true;
  }
}

/** Said before anybody approves what GitHub would not start. */
async function refuseMissingWorkflow({ repository, deploy }: Service, { forge }: ReadContext): Promise<void> {
  if (deploy.by !== 'workflow' || (await forge.hasWorkflow(repository, deploy.workflow))) return;
  throw new ProblemError(workflowGone(repository, deploy.workflow));
}

/** Their numbers and titles help to decide, but nothing depends on them: without the right to read them there are none. */
async function pullsOf(
  repository: string,
  comparison: Comparison | undefined,
  { forge }: ReadContext,
): Promise<Change['pulls']> {
  const shas = comparison?.commits.map((commit) => commit.sha) ?? [];
  if (shas.length === 0) return [];
  try {
    return await forge.mergedPulls(repository, shas);
  } catch (error) {
    if (problemFrom(error).isTransient) throw error;
    return 'unknown';
  }
}
