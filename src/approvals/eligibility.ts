/** Whether somebody's answer counts towards a requirement, and as whose. */
import { isSamePerson, type Person, type Standing } from '../core/person.ts';
import type { Requirement } from '../core/verdict.ts';

/** Of the change; `unknown` when they could not be found out: then nobody is known not to be one. */
export type AuthorEmails = readonly string[] | 'unknown';

/** That they are not one of the askers is asked before: for that, their other accounts count too. */
export function counts(
  standing: Standing,
  requirement: Requirement,
  authors: AuthorEmails,
  askers: readonly Person[],
): boolean {
  return voiceFor(standing, requirement, authors, askers) !== undefined;
}

/**
 * As whom they count: as themselves where they can, else as one who has lent them their voice. Whoever may not answer
 * themselves (they asked, they wrote it, they have left) has nothing to lend, and nobody gets by a loan around what keeps
 * them out.
 */
export function voiceFor(
  standing: Standing,
  requirement: Requirement,
  authors: AuthorEmails,
  askers: readonly Person[],
): Standing | undefined {
  const { person, standsFor = [] } = standing;
  if (countsAlone(standing, requirement, authors)) return standing;
  if (requirement.delegates === false || !mayCount(person, requirement, authors)) return undefined;
  return standsFor.find(
    (lender) =>
      countsAlone(lender, requirement, authors) &&
      !askers.some((asker) => isSamePerson(asker, lender.person)),
  );
}

function countsAlone({ person, groups }: Standing, requirement: Requirement, authors: AuthorEmails): boolean {
  if (!mayCount(person, requirement, authors) || groups === 'unknown') return false;
  return requirement.from.some((group) => groups.includes(group));
}

function mayCount(person: Person, { not }: Requirement, authors: AuthorEmails): boolean {
  if (person.kind !== 'member') return false;
  return !not.includes('author') || isKnownNoAuthor(person, authors);
}

/** Somebody without a known address could be any author. */
function isKnownNoAuthor({ email }: Person, authors: AuthorEmails): boolean {
  if (email === undefined || authors === 'unknown') return false;
  return !authors.some((author) => author.toLowerCase() === email.toLowerCase());
}
