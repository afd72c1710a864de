/** Which commit a version is: a tag, a branch, a commit, or whatever is the latest. */
import type { DeployStrategy } from '../../core/deploy-strategy.ts';
import type { Commit, Forge, Resolved } from '../../core/forge.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Service } from '../../core/service.ts';
import { didYouMean, listOf } from '../../core/text.ts';
import type { Delivery } from './delivery.ts';

export interface Version {
  /** The name that it goes out by: for `latest`, the one that this was when it was asked. */
  readonly name: string;
  readonly commit: Commit;
  readonly as: Resolved['as'];
}

/**
 * The word for the newest release; where there are only candidates the newest of those, and where there are no tags the
 * head of the default branch.
 */
export const latest = 'latest';

/**
 * A ref's name (git-check-ref-format) without what would make it an option, a path elsewhere, or words of somebody's
 * script: it ends up in workflows, in files and in the names of images, and GitHub takes tags such as `v1+$(id)`.
 */
export const versionPattern = /^(?![-/.])(?!.*\.\.)[\w./-]+$/;

/** Candidates before a release are few; a page of GitHub's has as many tags. */
const tagsSeenMax = 100;

/** @throws ProblemError `not_found`, naming the nearest tag; `bad_input` for one that this service cannot go out by. */
export async function resolveVersion(
  forge: Forge,
  service: { readonly name: string; readonly entry: Service },
  asked: string,
): Promise<Version> {
  const { repository, deploy } = service.entry;
  const name = asked === latest ? await latestOf(forge, repository) : asked;
  // Whoever asked has not typed it: it is the newest tag, or what a deployment at GitHub says of itself.
  if (!versionPattern.test(name)) throw hostileName(service.name, name);
  const found = await forge.resolve(repository, name);
  if (!found) throw await noSuchVersion(forge, repository, service.name, name);
  if (found.as !== 'tag' && needsTag(deploy)) throw needsTagProblem(service.name, name, found.as);
  const { as, ...commit } = found;
  return { name, commit, as };
}

/** A tag can be moved between approval and this moment: what runs must be the commit that was agreed to. */
export async function refuseMovedVersion(delivery: Delivery, forge: Forge): Promise<void> {
  const { service: name, entry, version, commit } = delivery;
  const found = await resolveVersion(forge, { name, entry }, version);
  if (found.commit.sha === commit) return;
  throw new ProblemError(
    problem(
      'out_of_date',
      `${version} points to another commit than the one that was approved.`,
      'Ask for the deploy again, so that people see what it is now.',
    ),
  );
}

async function latestOf(forge: Forge, repository: string): Promise<string> {
  const tags = (await forge.tags(repository, tagsSeenMax)).filter((tag) => versionPattern.test(tag));
  const release = tags.find((tag) => /\d+\.\d+(?:\+.*)?$/.test(tag) && !/\d-/.test(tag));
  return release ?? tags[0] ?? forge.defaultBranch(repository);
}

function hostileName(service: string, name: string) {
  return new ProblemError(
    problem(
      'bad_input',
      `The version "${name.slice(0, 80)}" of ${service} has characters that no version needs.`,
      'Name a tag of letters, digits, dots, dashes and slashes; and ask who made that one.',
    ),
  );
}

/** An image or a version in a file is named after the tag: a branch has none. */
function needsTag(deploy: DeployStrategy): boolean {
  if (deploy.by === 'workflow') return false;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: filled by fillDelivered, not by JavaScript.
  return !(deploy.by === 'image' ? deploy.image : deploy.value).includes('${commit}');
}

async function noSuchVersion(forge: Forge, repository: string, service: string, typed: string) {
  const tags = await forge.tags(repository, 50);
  const newest = tags.slice(0, 3);
  return new ProblemError(
    problem(
      'not_found',
      `There is no version "${typed}" of ${service}.${didYouMean(typed, tags)}`,
      newest.length > 0
        ? `The newest are ${listOf(newest)}.`
        : `${repository} has no tags yet; name a branch or a commit.`,
    ),
  );
}

function needsTagProblem(service: string, typed: string, as: string) {
  const sentence = `${typed} is a ${as}, and ${service} goes out by tags only: its image is named after them.`;
  return new ProblemError(
    problem('bad_input', sentence, 'Name a tag, or `latest`.', { fields: { version: sentence } }),
  );
}
