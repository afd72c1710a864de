/**
 * A real GitHub behind the `Forge` port, through Octokit.
 *
 * Every call is bounded in time and made once: whoever calls decides whether to try again, from the problem's
 * `isTransient` and `retryAfterMs`. The rights it needs are in `deploy/github-app-permissions.yml`.
 */
import type { Forge } from '../../core/forge.ts';
import { createChecks } from './checks.ts';
import { createGithubClient, type GithubAuth, type GithubOptions } from './client.ts';
import { createCommits } from './commits.ts';
import { createDeployments } from './deployments.ts';
import { createEnvironments } from './environments.ts';
import { createFolders } from './folders.ts';
import { sayingProblems } from './problems.ts';
import { createPulls } from './pulls.ts';
import { createRuns } from './runs.ts';
import { createTeams } from './teams.ts';

/** Makes no call by itself: a GitHub that is away is found out at the first use. */
export function connectGithub(options: GithubOptions): Forge {
  const client = createGithubClient(options);
  const { now = Date.now } = options;
  const forge: Forge = {
    repositoryUrl: (repository) => `${webAddress(options.baseUrl)}/${repository}`,
    ...createCommits(client),
    ...createFolders(client),
    ...createChecks(client),
    ...createDeployments(client, isApp(options.auth), now),
    ...createRuns(client),
    ...createPulls(client),
    ...createEnvironments(client),
    ...createTeams(client),
  };
  return sayingProblems(forge, now);
}

/** Or by a token of an App's installation (`ghs_`), as workflows and tests have it. */
function isApp(auth: GithubAuth): boolean {
  return !('token' in auth) || auth.token.startsWith('ghs_');
}

/**
 * The pages beside the API: `api.github.com` belongs to `github.com`, and an Enterprise Server has its API below
 * `/api/v3` (docs.github.com, "Getting started with the REST API").
 */
function webAddress(baseUrl = 'https://api.github.com'): string {
  const { protocol, host } = new URL(baseUrl);
  return `${protocol}//${host === 'api.github.com' ? 'github.com' : host}`;
}
