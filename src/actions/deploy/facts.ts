/** What the guardrails may know of a change: its authors, size, checks and migrations, and whether it comes in order. */
import type { ReadContext } from '../../core/action.ts';
import { hiddenAddress, knownAuthors } from '../../core/authors.ts';
import type { Catalog } from '../../core/catalog.ts';
import type { ChangeFacts } from '../../core/facts.ts';
import type { Checks, Commit, Comparison, Deployment } from '../../core/forge.ts';
import { matchesGlob } from '../../core/glob.ts';
import type { SeenChange } from '../../core/preview.ts';
import { problemFrom } from '../../core/problem.ts';
import type { Service } from '../../core/service.ts';

export interface Order {
  readonly state: ChangeFacts['order'];
  /** The environment that comes before, and what is the newest there. */
  readonly before?: string;
  readonly newest?: Deployment | undefined;
}

/**
 * Exactly this commit must be the newest there and have succeeded: an older success of it proves nothing once another
 * version took its place, and neither does one that is still on its way.
 * @throws ProblemError only for what may pass by itself.
 */
export async function orderOf(
  service: Service,
  environment: string,
  sha: string,
  { forge }: ReadContext,
): Promise<Order> {
  const before = service.environments[environment]?.after;
  if (before === undefined) return { state: 'kept' };
  try {
    const [newest] = await forge.deployments(service.repository, before, 1);
    const isKept = newest?.sha === sha && newest.state === 'success';
    const state = newest?.byHand === undefined ? 'kept' : 'by_hand';
    return { state: isKept ? state : 'skipped', before, newest };
  } catch (error) {
    if (problemFrom(error).isTransient) throw error;
    return { state: 'unknown', before };
  }
}

/** Of those that the service requires, by the worst of them. */
export function requiredChecks({ requiredChecks }: Service, { all }: Checks): ChangeFacts['requiredChecks'] {
  if (requiredChecks.length === 0) return 'none';
  const states = requiredChecks.map((name) => all.find((check) => check.name === name)?.state ?? 'missing');
  return (['red', 'missing', 'pending'] as const).find((state) => states.includes(state)) ?? 'green';
}

export function missingChecks({ requiredChecks }: Service, { all }: Checks): string[] {
  return requiredChecks.filter((name) => all.find((check) => check.name === name)?.state !== 'green');
}

/** Changed files that the catalog calls migrations. */
export function migrationsIn({ migrations }: Service, comparison: Comparison | undefined): string[] {
  const paths = comparison?.files.map((file) => file.path) ?? [];
  return paths.filter((path) => migrations.some((pattern) => matchesGlob(path, pattern)));
}

export function sizeOf(comparison: Comparison | undefined): ChangeFacts['size'] {
  const files = comparison?.files ?? [];
  return {
    files: files.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
  };
}

/** Who wrote what goes out, or comes back: unknown as soon as one commit of it could not be read. */
export function authorFacts(
  commits: readonly Commit[],
  total: number,
  catalog: Catalog,
): Pick<SeenChange, 'authors' | 'strangers'> {
  const authors = commits.length < total ? 'unknown' : authorsOf(commits);
  return { authors, strangers: byStrangers(commits, catalog).length };
}

/** Those that somebody has written, also in part, whom the catalog does not know. Bots answer nothing. */
export function byStrangers(commits: readonly Commit[], catalog: Catalog): readonly Commit[] {
  const isKnown = knownAuthors(catalog);
  return commits.filter(({ authorEmail, authorLogin, coAuthorEmails = [] }) => {
    if (authorLogin?.endsWith('[bot]')) return false;
    const own = [authorEmail, ...(authorLogin === undefined ? [] : [hiddenAddress(authorLogin)])];
    return ![own, ...coAuthorEmails.map((one) => [one])].every(isKnown);
  });
}

/** Under every address that tells who it was; whose an address of GitHub's is, the catalog knows (core/authors.ts). */
export function authorsOf(commits: readonly Commit[]): string[] {
  const emails = commits.flatMap(({ authorEmail, authorLogin, coAuthorEmails = [] }) => [
    ...(authorEmail === '' ? [] : [authorEmail]),
    ...(authorLogin === undefined ? [] : [hiddenAddress(authorLogin)]),
    ...coAuthorEmails,
  ]);
  return [...new Set(emails.map((email) => email.toLowerCase()))].sort();
}
