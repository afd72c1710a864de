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

/** A page as large as GitHub gives it (docs.github.com, "Using pagination in the REST API"). */
const pageItems = 100;

/**
 * Commits of one comparison, and calls for them ten at most: of 5,000 an hour that GitHub allows. A service that is
 * deployed once a month stays below it; who wrote a larger change is not known (actions/deploy/facts.ts).
 */
const comparedMax = 1_000;

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
        per_page: pageItems,
      });
      return newestFirst(tagsSchema.parse(answer.data).map((tag) => tag.name)).slice(0, limit);
    },

    /** Page by page: without pages GitHub lists 250 commits and is silent about the others. */
    async compare(repository, base, head, listing = 'all'): Promise<Comparison> {
      const size = listing === 'all' ? pageItems : 1;
      const pageAt = async (page: number) => {
        const { data } = await client.call(
          `the comparison of ${shortOf(base)} with ${shortOf(head)} in ${repository}`,
          'GET /repos/{owner}/{repo}/compare/{basehead}',
          { ...partsOf(repository), basehead: `${base}...${head}`, per_page: size, page },
        );
        return comparisonSchema.parse(data);
      };
      const first = await pageAt(1);
      const pages = Math.ceil(first.total_commits / size);
      const isListed = listing === 'all' && first.total_commits <= comparedMax;
      // GitHub lists them oldest first; of too many, people see the newest.
      const others = isListed ? numbersTo(pages, 2) : listing === 'all' ? numbersTo(pages, pages - 1) : [];
      const further = (await Promise.all(others.map(pageAt))).flatMap(({ commits }) => commits);
      const listed = isListed || listing === 'none' ? [...first.commits, ...further] : further;
      return {
        commits: listed.map(commitOf).reverse(),
        total: first.total_commits,
        behind: first.behind_by,
        url: first.html_url,
        // They come with the first page only.
        files: first.files.map(({ filename, additions, deletions }) => ({
          path: filename,
          additions,
          deletions,
        })),
      };
    },
  };
}

/** `from` to `last`, both of them; none when there is nothing between. */
function numbersTo(last: number, from: number): number[] {
  return Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index);
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
