/** Nobody grants rights that they do not have, unless they may `escalate` (roles) or `bind` (bindings). */
import { type Action, covers, decide, grants, roleOf } from '../authz.ts';
import { asJson, same } from '../json.ts';
import type { Resource } from '../registry.ts';
import { forbidden, notFound } from '../status.ts';
import type { KubeObject, PolicyRule, Role, RoleBinding, UserInfo } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { aboutOf } from '../writes.ts';

const group = 'rbac.authorization.k8s.io';

/** @throws ApiError 403 with every right that the user lacks. */
export function checkEscalation(
  world: ClusterWorld,
  resource: Resource,
  object: KubeObject,
  user: UserInfo,
  live?: KubeObject,
): void {
  if (resource.group !== group || user.groups.includes('system:masters')) return;
  const namespace = object.metadata.namespace;
  const isRole = resource.kind === 'Role' || resource.kind === 'ClusterRole';
  if (live && same(asJson(contentOf(live)), asJson(contentOf(object)))) return;
  const binding = object as RoleBinding;
  const allowed = isRole
    ? decide(world, user, {
        verb: 'escalate',
        group,
        resource: resource.plural,
        name: object.metadata.name,
        ...(namespace ? { namespace } : {}),
      }).allowed
    : decide(world, user, {
        verb: 'bind',
        group,
        resource: binding.roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles',
        name: binding.roleRef.name,
        ...(namespace ? { namespace } : {}),
      }).allowed;
  if (allowed) return;
  const role = isRole ? (object as Role) : roleOf(world, binding);
  if (!role) {
    throw notFound({
      group,
      resource: binding.roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles',
      name: binding.roleRef.name,
    });
  }
  const held = [...grants(world, user, namespace)].flatMap((grant) => [...grant.rules]);
  const missing = (role.rules ?? [])
    .flatMap(breakDown)
    .filter((rule) => !held.some((one) => includes(one, rule)));
  if (missing.length === 0) return;
  throw forbidden(
    aboutOf(resource, object.metadata.name),
    `user "${user.username}" (groups=[${user.groups.map((one) => JSON.stringify(one)).join(' ')}]) is attempting to grant RBAC permissions not currently held:\n${compact(missing).join('\n')}`,
  );
}

function contentOf(object: KubeObject): object {
  const { metadata: _, ...rest } = object as KubeObject & Record<string, unknown>;
  return rest;
}

/** One rule per group, resource, name and verb. */
function breakDown(rule: PolicyRule): PolicyRule[] {
  const out: PolicyRule[] = [];
  const names = rule.resourceNames?.length ? rule.resourceNames : [undefined];
  for (const apiGroup of rule.apiGroups ?? [])
    for (const resource of rule.resources ?? [])
      for (const verb of rule.verbs)
        for (const name of names)
          out.push({
            verbs: [verb],
            apiGroups: [apiGroup],
            resources: [resource],
            ...(name ? { resourceNames: [name] } : {}),
          });
  for (const url of rule.nonResourceURLs ?? [])
    for (const verb of rule.verbs) out.push({ verbs: [verb], nonResourceURLs: [url] });
  return out;
}

function includes(held: PolicyRule, wanted: PolicyRule): boolean {
  const verb = wanted.verbs[0] ?? '';
  const path = wanted.nonResourceURLs?.[0];
  if (path !== undefined) return covers(held, { verb, path });
  const [resource = '', subresource] = (wanted.resources?.[0] ?? '').split('/');
  const name = wanted.resourceNames?.[0];
  const action: Action = {
    verb,
    group: wanted.apiGroups?.[0] ?? '',
    resource,
    ...(subresource ? { subresource } : {}),
    ...(name ? { name } : {}),
  };
  return covers(held, action);
}

/** Puts the verbs of one resource together again and sorts, as the real message shows them. */
function compact(rules: readonly PolicyRule[]): string[] {
  const byTarget = new Map<string, { sort: string; verbs: Set<string> }>();
  for (const rule of rules) {
    const parts = [
      ...(rule.apiGroups ? [`APIGroups:${list(rule.apiGroups)}`] : []),
      ...(rule.resources ? [`Resources:${list(rule.resources)}`] : []),
      ...(rule.resourceNames ? [`ResourceNames:${list(rule.resourceNames)}`] : []),
      ...(rule.nonResourceURLs ? [`NonResourceURLs:${list(rule.nonResourceURLs)}`] : []),
    ];
    const key = parts.join(', ');
    const entry = byTarget.get(key) ?? { sort: key, verbs: new Set() };
    for (const verb of rule.verbs) entry.verbs.add(verb);
    byTarget.set(key, entry);
  }
  return [...byTarget]
    .sort(([, a], [, b]) => (a.sort < b.sort ? -1 : 1))
    .map(([key, { verbs }]) => `{${key}, Verbs:${list([...verbs])}}`);
}

function list(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
}
