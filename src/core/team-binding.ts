/** The RoleBinding by which a team has its rights in an environment: by e-mail, as clusters know people. Pure. */
import { digestOf } from './digest.ts';

/** Which members it was last given. Without it nobody could tell a catalog that changed from a hand that did. */
export const membersAnnotation = 'greenlight.dev/members';

export function teamBindingRef(namespace: string) {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', name: 'team', namespace };
}

/** What of it speaks of the members, in whatever order the catalog names them. */
export function boundTo(members: readonly string[]) {
  const names = members.toSorted();
  return {
    annotations: { [membersAnnotation]: digestOf(names).slice(0, 16) },
    subjects: names.map((name) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name })),
  };
}
