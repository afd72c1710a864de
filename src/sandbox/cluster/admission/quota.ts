/** ResourceQuota: what a namespace uses, and the refusal of what would go beyond it. */
import { formatQuantity, milliOf, parseQuantity, type Quantity } from '../quantity.ts';
import { type Resource, storageOf } from '../registry.ts';
import { forbidden } from '../status.ts';
import type { KubeObject, Pod, ResourceQuota, Service } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { aboutOf } from '../writes.ts';
import { containersOf } from './workload-defaults.ts';

export type Usage = Map<string, Quantity>;

/** Amounts are counted in thousandths of a unit. */
export function usageOf(resource: Resource, object: KubeObject): Usage {
  const usage: Usage = new Map();
  const one: Quantity = { milli: 1000n, format: 'decimal' };
  const counted = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  usage.set(`count/${counted}`, one);
  if (resource.group !== '') return usage;
  if (countable.has(resource.plural)) usage.set(resource.plural, one);
  if (resource.kind === 'Service') {
    const { type, ports = [] } = (object as Service).spec;
    if (type === 'LoadBalancer') usage.set('services.loadbalancers', one);
    if (type === 'NodePort')
      usage.set('services.nodeports', { milli: BigInt(ports.length) * 1000n, format: 'decimal' });
  }
  if (resource.kind === 'PersistentVolumeClaim') {
    const claim = object as KubeObject & { spec?: { resources?: { requests?: Record<string, string> } } };
    const storage = parseQuantity(claim.spec?.resources?.requests?.storage ?? '0');
    if (storage) usage.set('requests.storage', storage);
  }
  if (resource.kind === 'Pod') {
    const pod = object as Pod;
    // A Pod that has ended uses nothing any more, but it still counts as an object.
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') {
      usage.delete('pods');
      return usage;
    }
    for (const container of pod.spec.containers ?? []) {
      for (const [kind, list] of Object.entries({
        requests: container.resources?.requests,
        limits: container.resources?.limits,
      })) {
        for (const [name, text] of Object.entries(list ?? {})) {
          const amount = parseQuantity(text);
          if (!amount) continue;
          add(usage, `${kind}.${name}`, amount);
          if (kind === 'requests') add(usage, name, amount);
        }
      }
    }
  }
  return usage;
}

const countable = new Set([
  'pods',
  'services',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'resourcequotas',
  'replicationcontrollers',
]);

function add(usage: Usage, name: string, amount: Quantity): void {
  const before = usage.get(name);
  usage.set(name, { milli: (before?.milli ?? 0n) + amount.milli, format: before?.format ?? amount.format });
}

/** What the namespace uses now of the resources that `hard` limits. */
export function usedIn(world: ClusterWorld, namespace: string, hard: Record<string, string>): Usage {
  const total: Usage = new Map();
  for (const resource of world.registry.all()) {
    if (!resource.namespaced || !resource.verbs.includes('list') || resource.storedAs) continue;
    for (const object of world.store.list(storageOf(resource), namespace)) {
      for (const [name, amount] of usageOf(resource, object))
        if (hard[name] !== undefined) add(total, name, amount);
    }
  }
  for (const name of Object.keys(hard)) {
    if (!total.has(name))
      total.set(name, { milli: 0n, format: parseQuantity(hard[name] ?? '0')?.format ?? 'decimal' });
  }
  return total;
}

/** @throws ApiError 403 `exceeded quota` or `failed quota`, worded as the real plugin words it. */
export function checkQuota(world: ClusterWorld, resource: Resource, object: KubeObject): void {
  const namespace = object.metadata.namespace;
  if (namespace === undefined) return;
  const about = aboutOf(resource, object.metadata.name);
  for (const quota of world.store.list('/resourcequotas', namespace) as ResourceQuota[]) {
    // Until its controller has seen it, a quota limits nothing.
    const hard = quota.status?.hard;
    if (!hard) continue;
    const wanted = usageOf(resource, object);
    const missing = resource.kind === 'Pod' ? unspecified(object as Pod, hard) : [];
    if (missing.length > 0) {
      throw forbidden(about, `failed quota: ${quota.metadata.name}: must specify ${missing.join('; ')}`);
    }
    const limited = [...wanted.keys()].filter((name) => hard[name] !== undefined).sort();
    if (limited.length === 0) continue;
    const used = usedIn(world, namespace, hard);
    const over = limited.filter(
      (name) => (used.get(name)?.milli ?? 0n) + (wanted.get(name)?.milli ?? 0n) > milliOf(hard[name]),
    );
    if (over.length === 0) continue;
    const list = (amount: (name: string) => string) =>
      over.map((name) => `${name}=${amount(name)}`).join(',');
    const shown = (usage: Usage) => (name: string) =>
      formatQuantity(usage.get(name) ?? { milli: 0n, format: 'decimal' });
    throw forbidden(
      about,
      `exceeded quota: ${quota.metadata.name}, requested: ${list(shown(wanted))}, used: ${list(shown(used))}, limited: ${list((name) => hard[name] ?? '')}`,
    );
  }
}

/** A quota on compute resources makes them compulsory: `requests.cpu for: main`. */
function unspecified(pod: Pod, hard: Record<string, string>): string[] {
  const out: string[] = [];
  for (const name of Object.keys(hard).sort()) {
    const match = /^(requests|limits)\.(cpu|memory)$/.exec(name) ?? /^()(cpu|memory)$/.exec(name);
    if (!match) continue;
    const kind = match[1] === 'limits' ? 'limits' : 'requests';
    const lacking = containersOf(pod).filter(
      ({ resources }) => resources?.[kind]?.[match[2] ?? ''] === undefined,
    );
    if (lacking.length > 0) out.push(`${name} for: ${lacking.map((container) => container.name).join(',')}`);
  }
  return out;
}
