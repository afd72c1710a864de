/** The catalog as it is now, and the groups that it names. */
import type { Catalog } from '../../../src/core/catalog.ts';
import type { Person } from '../../../src/core/person.ts';
import { catalog as shipped } from '../../approvals/shipped.ts';

export interface Company {
  catalog(): Catalog;
  /** By e-mail address in lower case. */
  groups(): ReadonlyMap<string, readonly string[]>;
  /** All of them. */
  leavesGroups(who: Person): void;
}

export function createCompany(): Company {
  let catalog: Catalog = shipped;
  return {
    catalog: () => catalog,
    groups: () => groupsOf(catalog),
    leavesGroups(who) {
      catalog = withoutMember(catalog, who);
    },
  };
}

function groupsOf({ groups }: Catalog): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, { members }] of Object.entries(groups)) {
    for (const member of members) {
      const email = member.toLowerCase();
      found.set(email, [...(found.get(email) ?? []), name]);
    }
  }
  return found;
}

function withoutMember(catalog: Catalog, { email = '' }: Person): Catalog {
  const groups = Object.fromEntries(
    Object.entries(catalog.groups).map(([name, group]) => [
      name,
      { ...group, members: group.members.filter((one) => one.toLowerCase() !== email.toLowerCase()) },
    ]),
  );
  return { ...catalog, groups };
}
