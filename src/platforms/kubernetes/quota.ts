/**
 * How many Pods more fit under a namespace's quotas: a forecast, so that somebody who scales up hears of it before the
 * rollout stalls on it. What a LimitRange or a webhook would add to the Pods is not known here. Pure.
 */
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

/** What a quantity's suffix stands for (Kubernetes API, "Quantity"); a bare exponent is a number's own. */
const suffixes: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

function amount(quantity: string | number): number {
  const [, number = '', suffix = ''] =
    /^([\d.+-]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  return Number(number) * (suffixes[suffix] ?? Number.NaN);
}
