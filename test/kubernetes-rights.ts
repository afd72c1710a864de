/** deploy/kubernetes-rbac.yml, and a sandbox in which Greenlight has exactly the rights that stand there. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Manifest } from '../src/core/cluster.ts';
import type { ClusterSeed } from '../src/sandbox/cluster/seed.ts';

export const rights = parseAllDocuments(
  readFileSync(new URL('../deploy/kubernetes-rbac.yml', import.meta.url), 'utf8'),
).map((document) => document.toJS() as Manifest);

export const roleSchema = z.object({
  rules: z.array(
    z.looseObject({
      apiGroups: z.array(z.string()),
      resources: z.array(z.string()),
      resourceNames: z.array(z.string()).optional(),
      verbs: z.array(z.string()),
    }),
  ),
});

/** The same seed, with the roles of that file in place of the sandbox's own for the user `greenlight`. */
export function withRightsAsShipped(seed: ClusterSeed): ClusterSeed {
  const own = new Set(rolesOf(seed));
  const roles = rights
    .filter(({ kind }) => kind === 'ClusterRole')
    .map((role) => ({ name: role.metadata.name, rules: roleSchema.parse(role).rules }));
  const subjects = [{ kind: 'User' as const, name: 'greenlight' }];
  return {
    ...seed,
    clusterRoles: [...seed.clusterRoles.filter(({ name }) => !own.has(name)), ...roles],
    clusterRoleBindings: [
      ...seed.clusterRoleBindings.filter(({ role }) => !own.has(role)),
      ...roles.map(({ name }) => ({ name, role: name, subjects })),
    ],
  };
}

/** What a seed lets Greenlight do, and what the file lets it do: `get apps/deployments`, `bind .../clusterroles edit`. */
export function rightsInSeed(seed: ClusterSeed): string[] {
  const own = new Set(rolesOf(seed));
  return rightsOf(seed.clusterRoles.filter(({ name }) => own.has(name)));
}

export function rightsShipped(): string[] {
  return rightsOf(rights.filter(({ kind }) => kind === 'ClusterRole'));
}

function rolesOf({ clusterRoleBindings }: ClusterSeed): string[] {
  return clusterRoleBindings
    .filter(({ subjects }) => subjects.some(({ kind, name }) => kind === 'User' && name === 'greenlight'))
    .map(({ role }) => role);
}

function rightsOf(roles: readonly unknown[]): string[] {
  const rules = roles.flatMap((role) => roleSchema.parse(role).rules);
  const each = rules.flatMap(({ apiGroups, resources, resourceNames = [''], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) => verbs.map((verb) => `${verb} ${group}/${resource} ${name}`.trim())),
      ),
    ),
  );
  return [...new Set(each)].sort();
}
