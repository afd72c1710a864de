/** Role-based access control, enforced: the roles and bindings in the store decide, as in a real cluster. */
import { ApiError } from './status.ts';
import type { PolicyRule, Role, RoleBinding, UserInfo } from './types.ts';
import type { ClusterWorld } from './world.ts';

/** What somebody wants to do with a resource. */
export interface ResourceAction {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface PathAction {
  readonly verb: string;
  readonly path: string;
}

export type Action = ResourceAction | PathAction;

export interface Decision {
  readonly allowed: boolean;
  /** As an access review gives it; empty for system:masters and for a refusal. */
  readonly reason: string;
}

export function decide(world: ClusterWorld, user: UserInfo, action: Action): Decision {
  if (user.groups.includes('system:masters')) return { allowed: true, reason: '' };
  const namespace = 'path' in action ? undefined : action.namespace;
  for (const { rules, why } of grants(world, user, namespace)) {
    if (rules.some((rule) => covers(rule, action)))
      return { allowed: true, reason: `RBAC: allowed by ${why}` };
  }
  return { allowed: false, reason: '' };
}

/** @throws ApiError 403 in the words of the real server. */
export function authorize(world: ClusterWorld, user: UserInfo, action: Action): void {
  if (decide(world, user, action).allowed) return;
  const who = `User "${user.username}" cannot ${action.verb}`;
  if ('path' in action) {
    throw new ApiError(403, 'Forbidden', `forbidden: ${who} path "${action.path}"`, {});
  }
  const { group, resource, subresource, namespace, name } = action;
  const kind = group === '' ? resource : `${resource}.${group}`;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  throw new ApiError(
    403,
    'Forbidden',
    `${kind} ${name ? `"${name}" ` : ''}is forbidden: ${who} resource "${what}" in API group "${group}" ${where}`,
    { ...(name ? { name } : {}), ...(group === '' ? {} : { group }), kind: resource },
  );
}

interface Grant {
  readonly rules: readonly PolicyRule[];
  readonly why: string;
}

/** Everything that bindings give this user, cluster-wide first, as the real authorizer visits them. */
export function* grants(
  world: ClusterWorld,
  user: UserInfo,
  namespace: string | undefined,
): Generator<Grant> {
  const { store } = world;
  const visit = function* (bindings: RoleBinding[], title: (name: string) => string): Generator<Grant> {
    for (const binding of bindings) {
      const subject = (binding.subjects ?? []).find((one) =>
        isSubject(one, user, binding.metadata.namespace),
      );
      if (!subject) continue;
      const role = roleOf(world, binding);
      const who =
        subject.kind === 'ServiceAccount'
          ? `ServiceAccount "${subject.name}/${subject.namespace ?? binding.metadata.namespace}"`
          : `${subject.kind} "${subject.name}"`;
      yield {
        rules: role?.rules ?? [],
        why: `${title(binding.metadata.name)} of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${who}`,
      };
    }
  };
  yield* visit(
    store.list('rbac.authorization.k8s.io/clusterrolebindings') as RoleBinding[],
    (name) => `ClusterRoleBinding "${name}"`,
  );
  if (namespace) {
    yield* visit(
      store.list('rbac.authorization.k8s.io/rolebindings', namespace) as RoleBinding[],
      (name) => `RoleBinding "${name}/${namespace}"`,
    );
  }
}

export function roleOf(world: ClusterWorld, binding: RoleBinding): Role | undefined {
  const { kind, name } = binding.roleRef;
  return world.store.get(
    `rbac.authorization.k8s.io/${kind === 'ClusterRole' ? 'clusterroles' : 'roles'}`,
    kind === 'ClusterRole' ? undefined : binding.metadata.namespace,
    name,
  ) as Role | undefined;
}

function isSubject(
  subject: { kind: string; name: string; namespace?: string },
  user: UserInfo,
  namespace: string | undefined,
): boolean {
  if (subject.kind === 'User') return subject.name === user.username;
  if (subject.kind === 'Group') return user.groups.includes(subject.name);
  return user.username === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`;
}

/** Whether one rule allows this. */
export function covers(rule: PolicyRule, action: Action): boolean {
  if (!matches(rule.verbs, action.verb)) return false;
  if ('path' in action) {
    return (rule.nonResourceURLs ?? []).some(
      (url) =>
        url === action.path || url === '*' || (url.endsWith('*') && action.path.startsWith(url.slice(0, -1))),
    );
  }
  const full = action.subresource ? `${action.resource}/${action.subresource}` : action.resource;
  const resources = rule.resources ?? [];
  const resourceMatches =
    resources.includes('*') ||
    resources.includes(full) ||
    (action.subresource !== undefined && resources.includes(`*/${action.subresource}`));
  const names = rule.resourceNames ?? [];
  return (
    matches(rule.apiGroups ?? [], action.group) &&
    resourceMatches &&
    (names.length === 0 || (action.name !== undefined && names.includes(action.name)))
  );
}

function matches(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}
