/** Pull requests: what came with a commit, and versions proposed to a GitOps repository. https://docs.github.com/rest/pulls */
import { z } from 'zod';
import type { BeforeWrite } from '../../core/before-write.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Pull, Pulls, YamlValue } from '../../core/pulls.ts';
import { type GithubClient, partsOf } from './client.ts';
import { refuseMore } from './only-change.ts';
import { messageOf } from './problems.ts';
import { withYamlValue, yamlValueAt } from './yaml-place.ts';

const refSchema = z.object({ object: z.object({ sha: z.string() }) });
const contentSchema = z.object({ sha: z.string(), content: z.string(), encoding: z.literal('base64') });

const listedSchema = z.object({
  number: z.int(),
  title: z.string(),
  html_url: z.string(),
  user: z.object({ login: z.string() }).nullish(),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
});

const pullSchema = z.object({
  number: z.int(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string() }),
  merged_at: z.string().nullish(),
  /** GitHub works it out in the background; null until then. */
  mergeable: z.boolean().nullish(),
  merge_commit_sha: z.string().nullish(),
});

const pageItems = 100;

export function createPulls(client: GithubClient): Pulls {
  const branchHead = async (repository: string, branch: string): Promise<string | undefined> => {
    const answer = await client.find(
      `the branch ${branch} of ${repository}`,
      'GET /repos/{owner}/{repo}/git/ref/{ref}',
      { ...partsOf(repository), ref: `heads/${branch}` },
      (status, data) => status === 404 && messageOf(data) === 'Not Found',
    );
    return answer && refSchema.parse(answer.data).object.sha;
  };

  const fileAt = async (repository: string, file: string, branch: string) => {
    const { data } = await client.call(
      `the file ${file} in ${repository}`,
      'GET /repos/{owner}/{repo}/contents/{path}',
      { ...partsOf(repository), path: file, ref: branch },
    );
    const { sha, content } = contentSchema.parse(data);
    return { sha, text: Buffer.from(content, 'base64').toString('utf8') };
  };

  const newestFrom = async (repository: string, branch: string): Promise<Pull | undefined> => {
    const { data } = await client.call(
      `the pull requests of ${repository}`,
      'GET /repos/{owner}/{repo}/pulls',
      {
        ...partsOf(repository),
        head: `${partsOf(repository).owner}:${branch}`,
        state: 'all',
        sort: 'created',
        direction: 'desc',
        per_page: 1,
      },
    );
    const [newest] = z.array(pullSchema).parse(data);
    return newest && pullOf(newest);
  };

  const onPull = (repository: string, number: number) => ({ ...partsOf(repository), pull_number: number });

  return {
    async mergedPulls(repository, shas) {
      const { data } = await client.call(
        `the pull requests of ${repository}`,
        'GET /repos/{owner}/{repo}/pulls',
        {
          ...partsOf(repository),
          ...{ state: 'closed', sort: 'updated', direction: 'desc', per_page: pageItems },
        },
      );
      return z
        .array(listedSchema)
        .parse(data)
        .flatMap(({ number, title, html_url: url, user, merged_at, merge_commit_sha: sha }) =>
          merged_at && sha && shas.includes(sha)
            ? [{ number, title, url, sha, author: user?.login ?? 'unknown' }]
            : [],
        );
    },

    async readYaml({ repository, base, file, at }) {
      return yamlValueAt((await fileAt(repository, file, base)).text, at, file);
    },

    async propose(order, beforeWrite) {
      const { repository, base, file, at, value, branch, title, body } = order;
      const checked = async (pull: Pull): Promise<Pull> => {
        await refuseMore(
          client,
          order,
          pull,
          async (commit) => (await fileAt(repository, file, commit)).text,
        );
        return pull;
      };
      const known = await newestFrom(repository, branch);
      if (known) return known.state === 'open' ? checked(known) : known;
      if (yamlValueAt((await fileAt(repository, file, base)).text, at, file) === value) return undefined;
      await ensureBranch(repository, base, branch, beforeWrite);
      await ensureValue({ repository, base: branch, file, at }, { value, message: title }, beforeWrite);
      beforeWrite?.();
      const { data } = await client.call(
        `the pull request in ${repository}`,
        'POST /repos/{owner}/{repo}/pulls',
        { ...partsOf(repository), title, body, head: branch, base },
      );
      return checked(pullOf(pullSchema.parse(data)));
    },

    findPull: newestFrom,

    async pull(repository, number) {
      const { data } = await client.call(
        `the pull request #${number} of ${repository}`,
        'GET /repos/{owner}/{repo}/pulls/{pull_number}',
        onPull(repository, number),
      );
      return pullOf(pullSchema.parse(data));
    },

    async merge({ repository, number, headSha }) {
      let why = '';
      const answer = await client.find(
        `the pull request #${number} of ${repository}`,
        'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
        { ...onPull(repository, number), sha: headSha, merge_method: 'squash' },
        (status, data) => {
          why = messageOf(data);
          return status === 405;
        },
      );
      return answer ? { state: 'merged' } : { state: 'refused', why };
    },

    async withdraw(repository, branch, beforeWrite) {
      const open = await newestFrom(repository, branch);
      if (open?.state === 'open') {
        beforeWrite?.();
        await client.call(
          `the pull request #${open.number} of ${repository}`,
          'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
          { ...onPull(repository, open.number), state: 'closed' },
        );
      }
      beforeWrite?.();
      await client.find(
        `the branch ${branch} of ${repository}`,
        'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
        { ...partsOf(repository), ref: `heads/${branch}` },
        (status, data) => status === 422 && /does not exist/i.test(messageOf(data)),
      );
    },
  };

  async function ensureBranch(
    repository: string,
    base: string,
    branch: string,
    beforeWrite: BeforeWrite | undefined,
  ): Promise<void> {
    if ((await branchHead(repository, branch)) !== undefined) return;
    const sha = await branchHead(repository, base);
    if (sha === undefined) throw noBranch(repository, base);
    beforeWrite?.();
    await client.find(
      `the branch ${branch} of ${repository}`,
      'POST /repos/{owner}/{repo}/git/refs',
      { ...partsOf(repository), ref: `refs/heads/${branch}`, sha },
      // Made by an attempt whose answer was lost.
      (status, data) => status === 422 && /already exists/i.test(messageOf(data)),
    );
  }

  async function ensureValue(
    where: YamlValue,
    { value, message }: { readonly value: string; readonly message: string },
    beforeWrite: BeforeWrite | undefined,
  ): Promise<void> {
    const { repository, base: branch, file, at } = where;
    const { sha, text } = await fileAt(repository, file, branch);
    const changed = withYamlValue(text, at, value, file);
    if (changed === text) return;
    beforeWrite?.();
    await client.call(`the file ${file} in ${repository}`, 'PUT /repos/{owner}/{repo}/contents/{path}', {
      ...partsOf(repository),
      ...{ path: file, branch, sha, message, content: Buffer.from(changed, 'utf8').toString('base64') },
    });
  }
}

function pullOf(pull: z.infer<typeof pullSchema>): Pull {
  const { number, html_url: url, head, base, mergeable, merge_commit_sha: mergeSha } = pull;
  return {
    number,
    url,
    headSha: head.sha,
    baseRef: base.ref,
    state: pull.merged_at ? 'merged' : pull.state,
    mergeable: mergeable === true ? 'yes' : mergeable === false ? 'no' : 'unknown',
    ...(pull.merged_at && mergeSha ? { mergeSha } : {}),
  };
}

function noBranch(repository: string, branch: string): ProblemError {
  return new ProblemError(
    problem(
      'not_found',
      `${repository} has no branch ${branch}.`,
      'Check what the catalog says of the GitOps repository.',
    ),
  );
}
