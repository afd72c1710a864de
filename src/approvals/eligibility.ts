/** Whether somebody's answer counts towards a requirement. */
import type { Person, Standing } from '../core/person.ts';
import type { Requirement } from '../core/verdict.ts';

/** Of the change; `unknown` when they could not be found out: then nobody is known not to be one. */
export type AuthorEmails = readonly string[] | 'unknown';

/** That they are not the requester is asked before: for that, their other accounts count too. */
export function counts(
  { person, groups }: Standing,
  requirement: Requirement,
  authors: AuthorEmails,
): boolean {
  if (person.kind !== 'member' || groups === 'unknown') return false;
  if (!requirement.from.some((group) => groups.includes(group))) return false;
  return !requirement.not.includes('author') || isKnownNoAuthor(person, authors);
}

/** Somebody without a known address could be any author. */
function isKnownNoAuthor({ email }: Person, authors: AuthorEmails): boolean {
  if (email === undefined || authors === 'unknown') return false;
  return !authors.some((author) => author.toLowerCase() === email.toLowerCase());
}
