/**
 * Whether a pull request changes one value and nothing else. Who may push to the repository may also have taken the name
 * of our branch before us, or pushed to it since: what they put there would be merged with our rights.
 */
import { z } from 'zod';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Pull, YamlValue } from '../../core/pulls.ts';
import { type GithubClient, partsOf } from './client.ts';
import { withYamlValue } from './yaml-place.ts';

const comparisonSchema = z.object({
  merge_base_commit: z.object({ sha: z.string() }),
  files: z.array(z.object({ filename: z.string() })).default([]),
});

/** `textAt`: the file as it is at a commit. @throws ProblemError `conflict` when there is more in it, or less. */
export async function refuseMore(
  client: GithubClient,
  { repository, base, file, at, value }: YamlValue & { readonly value: string },
  pull: Pull,
  textAt: (commit: string) => Promise<string>,
): Promise<void> {
  const { data } = await client.call(
    `the pull request #${pull.number} of ${repository}`,
    'GET /repos/{owner}/{repo}/compare/{basehead}',
    { ...partsOf(repository), basehead: `${base}...${pull.headSha}` },
  );
  const { merge_base_commit: before, files } = comparisonSchema.parse(data);
  const isOneFile = files.length === 1 && files[0]?.filename === file;
  if (isOneFile && pull.baseRef === base) {
    const [was, is] = await Promise.all([textAt(before.sha), textAt(pull.headSha)]);
    if (is === withYamlValue(was, at, value, file)) return;
  }
  throw new ProblemError(
    problem(
      'conflict',
      `The pull request #${pull.number} changes more than the version: somebody else has written to its branch.`,
      `See who: ${pull.url}. When it is closed, ask again.`,
    ),
  );
}
