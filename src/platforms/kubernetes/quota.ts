/**
 * How many Pods more fit under a namespace's quotas: a forecast, so that somebody who scales up hears of it before the
 * rollout stalls on it. What a LimitRange or a webhook would add to the Pods is not known here. Pure.
 */
import { amount } from './quantity.ts';
import type { DeploymentObject, QuotaObject } from './shapes.ts';

/** `undefined` when no quota bounds it. */
export function roomFor(
  deployment: DeploymentObject,
  quotas: readonly QuotaObject[],
): { pods: number; boundBy: string } | undefined {
  const needs = needsOfPod(deployment);
  const bounds = quotas
    .filter((quota) => quota.spec.scopes.length === 0 && quota.spec.scopeSelector === undefined)
    .flatMap(({ metadata, status }) =>
      Object.entries(status.hard).flatMap(([resource, hard]) => {
        const need = needs.get(resource) ?? 0;
        const left = amount(hard) - amount(status.used[resource] ?? 0);
        // What the Pod does not take, or what is written in a way that we cannot read, bounds nothing.
        if (!(need > 0) || Number.isNaN(left)) return [];
        const words = `${metadata.name} (${resource}: ${status.used[resource] ?? 0} of ${hard} used)`;
        return [{ pods: Math.max(0, Math.floor(left / need)), boundBy: words }];
      }),
    );
  return bounds.sort((one, other) => one.pods - other.pods)[0];
}

/** What one Pod counts for, by the names under which quotas count it (ResourceQuota, "Compute resource quota"). */
function needsOfPod({ spec }: DeploymentObject): ReadonlyMap<string, number> {
  const needs = new Map<string, number>([
    ['pods', 1],
    ['count/pods', 1],
  ]);
  const add = (name: string, value: string | number) =>
    needs.set(name, (needs.get(name) ?? 0) + amount(value));
  for (const { resources } of spec.template.spec.containers) {
    const limits = resources?.limits ?? {};
    // The server takes the limit for a request that was not made.
    const requests = { ...limits, ...resources?.requests };
    for (const [name, value] of Object.entries(requests)) {
      add(`requests.${name}`, value);
      add(name, value);
    }
    for (const [name, value] of Object.entries(limits)) add(`limits.${name}`, value);
  }
  return needs;
}
