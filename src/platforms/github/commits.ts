/** Refs, tags and comparisons. */
import { z } from 'zod';
import type { Commit, Comparison, Forge, Resolved } from '../../core/forge.ts';
import { type GithubClient, partsOf } from './client.ts';
import { messageOf } from './problems.ts';
import { newestFirst } from './versions.ts';

const commitSchema = z.object({
  sha: z.string(),
  html_url: z.string(),
  commit: z.object({
    message: z.string(),
    author: z.object({ name: z.string().default(''), email: z.string().default('') }).nullish(),
  }),
  /** Null when the e-mail address belongs to no account. */
  author: z.object({ login: z.string().optional() }).nullish(),
});

const tagsSchema = z.array(z.object({ name: z.string() }));

const comparisonSchema = z.object({
  html_url: z.string(),
  behind_by: z.int(),
  total_commits: z.int(),
  commits: z.array(commitSchema),
  files: z
    .array(z.object({ filename: z.string(), additions: z.int().default(0), deletions: z.int().default(0) }))
    .default([]),
});

const repositorySchema = z.object({ default_branch: z.string() });

/** A page of tags as large as GitHub gives it. */
const tagsMax = 100;

/** @see https://docs.github.com/rest/commits/commits and https://docs.github.com/rest/repos/repos#list-repository-tags */
export function createCommits(
  client: GithubClient,
): Pick<Forge, 'resolve' | 'defaultBranch' | 'tags' | 'compare'> {
  const commitAt = async (repository: string, ref: string): Promise<Commit | undefined> => {
    const answer = await client.find(
      `the repository ${repository}`,
      'GET /repos/{owner}/{repo}/commits/{ref}',
      { ...partsOf(repository), ref },
      leadsNowhere,
    );
    return answer && commitOf(commitSchema.parse(answer.data));
  };

  return {
    /**
     * By full name, so that nothing is guessed: a tag hides a branch of the same name, and both hide a commit whose
     * hash begins like that. Abbreviated hashes from 7 digits on. A whole hash is only ever a commit, as in git.
     */
    async resolve(repository, ref): Promise<Resolved | undefined> {
      const isWhole = /^[0-9a-f]{40}$/i.test(ref);
      const tag = isWhole ? undefined : await commitAt(repository, `tags/${ref}`);
      if (tag) return { ...tag, as: 'tag' };
      const branch = isWhole ? undefined : await commitAt(repository, `heads/${ref}`);
      if (branch) return { ...branch, as: 'branch' };
      if (!/^[0-9a-f]{7,40}$/i.test(ref)) return undefined;
      const commit = await commitAt(repository, ref);
      return commit?.sha.startsWith(ref.toLowerCase()) ? { ...commit, as: 'commit' } : undefined;
    },

    async defaultBranch(repository) {
      const { data } = await client.call(
        `the repository ${repository}`,
        'GET /repos/{owner}/{repo}',
        partsOf(repository),
      );
      return repositorySchema.parse(data).default_branch;
    },

    async tags(repository, limit) {
      const answer = await client.call(`the repository ${repository}`, 'GET /repos/{owner}/{repo}/tags', {
        ...partsOf(repository),
        per_page: tagsMax,
      });
      return newestFirst(tagsSchema.parse(answer.data).map((tag) => tag.name)).slice(0, limit);
    },

    async compare(repository, base, head): Promise<Comparison> {
      const { data } = await client.call(
        `the comparison of ${shortOf(base)} with ${shortOf(head)} in ${repository}`,
        'GET /repos/{owner}/{repo}/compare/{basehead}',
        { ...partsOf(repository), basehead: `${base}...${head}` },
      );
      const found = comparisonSchema.parse(data);
      return {
        // GitHub lists them oldest first.
        commits: found.commits.map(commitOf).reverse(),
        total: found.total_commits,
        behind: found.behind_by,
        url: found.html_url,
        files: found.files.map(({ filename, additions, deletions }) => ({
          path: filename,
          additions,
          deletions,
        })),
      };
    },
  };
}

/** 422 for a ref that is none, 409 for a repository without commits; 404 means the repository itself. */
function leadsNowhere(status: number, data: unknown): boolean {
  return (status === 422 && /no commit found/i.test(messageOf(data))) || status === 409;
}

function commitOf(commit: z.infer<typeof commitSchema>): Commit {
  return {
    sha: commit.sha,
    title: commit.commit.message.split('\n')[0] ?? '',
    author: commit.author?.login ?? commit.commit.author?.name ?? 'unknown',
    authorEmail: commit.commit.author?.email ?? '',
    ...(commit.author?.login === undefined ? {} : { authorLogin: commit.author.login }),
    ...coAuthorsIn(commit.commit.message),
    url: commit.html_url,
  };
}

/** `Co-authored-by: Max Brandt <max@acme.example>` (docs.github.com, "Creating a commit with multiple authors"). */
export function coAuthorsIn(message: string): Pick<Commit, 'coAuthorEmails'> {
  const lines = message.matchAll(/^co-authored-by:[^<\n]*<([^<>\s]{3,320})>\s*$/gimu);
  const coAuthorEmails = [...lines].flatMap(([, email]) => email ?? []);
  return coAuthorEmails.length === 0 ? {} : { coAuthorEmails };
}

function shortOf(ref: string): string {
  return /^[0-9a-f]{40}$/.test(ref) ? ref.slice(0, 7) : ref;
}
