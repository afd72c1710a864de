/** Who could ask: one person for every set of groups that somebody in the catalog is in, and one in none. */
import { groupsOf } from '../../core/catalog.ts';
import { listOf } from '../../core/text.ts';
import type { Choice, Question, Readings } from './domain.ts';

export function whoChoices({ catalog }: Question, readings: Readings): Choice[] {
  const named = (readings.get('requester.email') ?? []).map(String);
  const roles = rolesOf(catalog, named);
  const members = roles.flatMap((role) => [
    member(role, false),
    ...(readings.has('requester.onCall') ? [member(role, true)] : []),
  ]);
  if (!readings.has('requester.kind')) return members;
  return [...members, guest(nobody), ...roles.slice(0, 1).map(guest), system];
}

/** Whose change it is, when a rule asks or leaves its authors out: nobody's known, or one of those who could be asked. */
export function authorChoices({ catalog, rules }: Question, readings: Readings): Choice[] {
  const isLeftOut = rules.some(
    ({ outcome }) =>
      outcome.kind === 'require' && outcome.requirements.some(({ not }) => not.includes('author')),
  );
  if (!isLeftOut && !readings.has('change.authors')) return [];
  return [[], ...emailsOf(catalog).map((email) => [email])].map((emails) => ({
    words: emails.length === 0 ? 'nobody here wrote the change' : `${listOf(emails)} wrote the change`,
    puts: [{ path: ['change', 'authors'], value: emails }],
  }));
}

/** One address for each role. */
export function emailsOf(catalog: Question['catalog']): string[] {
  return rolesOf(catalog, []).flatMap(({ email, groups }) => (groups.length > 0 ? [email] : []));
}

interface Role {
  readonly email: string;
  readonly groups: readonly string[];
}

const nobody: Role = { email: 'somebody@example.com', groups: [] };

function rolesOf(catalog: Question['catalog'], named: readonly string[]): Role[] {
  const members = Object.values(catalog.groups).flatMap((group) => group.members);
  const roles = new Map<string, Role>();
  for (const email of members) {
    const groups = groupsOf(catalog, email);
    const key = named.includes(email) ? email : groups.join(' ');
    if (!roles.has(key)) roles.set(key, { email, groups });
  }
  // Groups whose people are known elsewhere: somebody will be in each.
  const elsewhere = Object.keys(catalog.groups)
    .filter((group) => ![...roles.values()].some(({ groups }) => groups.includes(group)))
    .map((group) => ({ email: `somebody-of-${group}@example.com`, groups: [group] }));
  return [...roles.values(), ...elsewhere, nobody];
}

function member({ email, groups }: Role, onCall: boolean): Choice {
  const of = groups.length === 0 ? 'a member in no group' : `${email} of ${listOf(groups)}`;
  return who(`${of}${onCall ? ', on call' : ''}`, 'member', { email, groups }, onCall);
}

function guest(role: Role): Choice {
  const of = role.groups.length === 0 ? 'a guest' : `a guest who is in ${listOf(role.groups)}`;
  return who(of, 'guest', role, false);
}

const system = who('Greenlight itself', 'system', { email: '', groups: [] }, false);

function who(words: string, kind: string, { email, groups }: Role, onCall: boolean): Choice {
  const facts = { id: kind === 'system' ? 'system' : 'U0', kind, email, groups: [...groups], onCall };
  return {
    words,
    puts: Object.entries(facts).map(([name, value]) => ({ path: ['requester', name], value })),
  };
}
