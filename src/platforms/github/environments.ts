/**
 * Deployment environments. GitHub lets nobody write who made one, so our mark is a variable in it.
 * https://docs.github.com/rest/deployments/environments and https://docs.github.com/rest/actions/variables
 */
import { z } from 'zod';
import type { BeforeWrite } from '../../core/before-write.ts';
import type { ForgeEnvironments } from '../../core/forge-environments.ts';
import { type GithubClient, partsOf } from './client.ts';
import { messageOf } from './problems.ts';

const environmentSchema = z.object({
  name: z.string(),
  html_url: z.string(),
  created_at: z.string(),
});
const variableSchema = z.object({ value: z.string() });
const teamSchema = z.object({ id: z.int() });

/** Its workflows can read it, as `vars.GREENLIGHT_REQUEST`. */
const markVariable = 'GREENLIGHT_REQUEST';
const route = '/repos/{owner}/{repo}/environments/{environment_name}';

export function createEnvironments(client: GithubClient): ForgeEnvironments {
  const isGone = (status: number, data: unknown) => status === 404 && messageOf(data) === 'Not Found';
  const aboutIt = (repository: string, name: string) => `the environment ${name} of ${repository}`;
  const partsFor = (repository: string, name: string) => ({ ...partsOf(repository), environment_name: name });

  async function markOf(repository: string, name: string): Promise<string> {
    const answer = await client.find(
      aboutIt(repository, name),
      `GET ${route}/variables/{name}`,
      { ...partsFor(repository, name), name: markVariable },
      isGone,
    );
    return answer === undefined ? '' : variableSchema.parse(answer.data).value;
  }

  async function mark(
    { repository, name, mark: value }: Parameters<ForgeEnvironments['makeEnvironment']>[0],
    beforeWrite: BeforeWrite | undefined,
  ): Promise<void> {
    if ((await markOf(repository, name)) === value) return;
    const about = aboutIt(repository, name);
    const variable = { ...partsFor(repository, name), name: markVariable, value };
    beforeWrite?.();
    await client.call(about, `POST ${route}/variables`, variable);
  }

  async function reviewer(repository: string, slug: string) {
    const { owner } = partsOf(repository);
    const about = `the team ${slug} of ${owner}`;
    const { data } = await client.call(about, 'GET /orgs/{org}/teams/{team_slug}', {
      org: owner,
      team_slug: slug,
    });
    return { type: 'Team', id: teamSchema.parse(data).id };
  }

  return {
    async environment(repository, name) {
      const about = aboutIt(repository, name);
      const answer = await client.find(about, `GET ${route}`, partsFor(repository, name), isGone);
      if (answer === undefined) return undefined;
      const { html_url: url, created_at: createdAt } = environmentSchema.parse(answer.data);
      return { name, url, createdAt: Date.parse(createdAt), mark: await markOf(repository, name) };
    },

    async makeEnvironment(order, beforeWrite) {
      const { repository, name } = order;
      const reviewers = await Promise.all(order.reviewerTeams.map((slug) => reviewer(repository, slug)));
      beforeWrite?.();
      await client.call(aboutIt(repository, name), `PUT ${route}`, {
        ...partsFor(repository, name),
        reviewers,
      });
      await mark(order, beforeWrite);
    },

    async removeEnvironment(repository, name) {
      await client.find(aboutIt(repository, name), `DELETE ${route}`, partsFor(repository, name), isGone);
    },
  };
}
