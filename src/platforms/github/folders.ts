/** Files of a repository, read at one commit. @see https://docs.github.com/rest/repos/contents */
import { z } from 'zod';
import type { Forge } from '../../core/forge.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { type GithubClient, partsOf } from './client.ts';

/** A file is an object, a folder a list of what is in it. */
const folderSchema = z.array(z.object({ name: z.string(), type: z.string(), size: z.number() }));
/** GitHub gives the content of files up to 1 MB with their description; larger ones have an empty one. */
const fileSchema = z.object({ encoding: z.literal('base64'), content: z.string() });

export function createFolders(client: GithubClient): Pick<Forge, 'folder'> {
  const contents = (repository: string, path: string, ref: string) =>
    client.find(
      `the files of ${repository}`,
      'GET /repos/{owner}/{repo}/contents/{path}',
      { ...partsOf(repository), path, ref },
      // Also what GitHub says of a repository that we may not see: whoever asked is told that it cannot be read.
      (status) => status === 404,
    );

  return {
    async folder({ repository, ref, path, isWanted, most }) {
      const answer = await contents(repository, path, ref);
      if (!answer) return undefined;
      const listed = folderSchema.safeParse(answer.data);
      if (!listed.success) return undefined;
      const names = listed.data.filter(({ name, type }) => type === 'file' && isWanted(name));
      if (names.length > most) throw tooMany(repository, path, most);
      // At once would be a burst of calls that GitHub counts against us.
      const files: { name: string; text: string }[] = [];
      for (const { name } of names) {
        const found = await contents(repository, `${path}/${name}`, ref);
        // Gone since it was listed: the next look sees the folder as it is then.
        if (!found) continue;
        const { content } = fileSchema.parse(found.data);
        files.push({ name, text: Buffer.from(content, 'base64').toString('utf8') });
      }
      return files;
    },
  };
}

function tooMany(repository: string, path: string, most: number): ProblemError {
  return new ProblemError(
    problem(
      'outside_refused',
      `${path} in ${repository} holds more than ${most} files.`,
      'Give blueprints a folder of their own.',
    ),
  );
}
