/** Who someone is, as far as a decision may depend on it. */
import { z } from 'zod';
import { personIdSchema } from './ids.ts';

/**
 * `member` belongs to our workspace. `guest` is restricted in it. `outside` comes from another organisation through
 * a shared channel. `system` is Greenlight itself (an environment whose time is over).
 */
export const personKinds = ['member', 'guest', 'outside', 'bot', 'deactivated', 'system'] as const;
export type PersonKind = (typeof personKinds)[number];

export const personSchema = z.strictObject({
  id: personIdSchema,
  /** For people to read only; identity is `id`, authority comes from the e-mail's groups. */
  name: z.string(),
  kind: z.enum(personKinds),
  email: z.string().optional(),
  /** How it is known to be theirs: Slack has seen a mail to it answered, or it only stands in their profile. */
  emailBy: z.enum(['slack_confirmed', 'slack_profile']).optional(),
  /** IANA zone, to show times as the person would. */
  timeZone: z.string().optional(),
});
export type Person = z.infer<typeof personSchema>;

export const systemPerson: Person = {
  id: personIdSchema.parse('system'),
  name: 'Greenlight',
  kind: 'system',
};

/** A person and the groups they are in at this moment; `unknown` when no source could tell. */
export interface Standing {
  readonly person: Person;
  readonly groups: readonly string[] | 'unknown';
  /** Groups that they may be in beside these, with why nobody knows. */
  readonly unknownGroups?: Readonly<Record<string, string>>;
  /** Those who are away and have lent this person their voice: in their own groups, and never what was lent to them. */
  readonly standsFor?: readonly Standing[];
}

/**
 * Two accounts are one person when the ids are the same or the e-mails are, whatever their case: a second Slack
 * account does not make a second person.
 */
export function isSamePerson(one: Person, other: Person): boolean {
  if (one.id === other.id) return true;
  return one.email !== undefined && one.email.toLowerCase() === other.email?.toLowerCase();
}
