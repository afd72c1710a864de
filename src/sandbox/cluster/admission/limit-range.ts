/** LimitRange: defaults for containers that say nothing, refusals for those that ask too much or too little. */
import { milliOf } from '../quantity.ts';
import type { Resource } from '../registry.ts';
import { forbidden } from '../status.ts';
import type { LimitRange, LimitRangeItem, Pod } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { aboutOf } from '../writes.ts';
import { containersOf, qosClass } from './workload-defaults.ts';

function itemsOf(world: ClusterWorld, pod: Pod): LimitRangeItem[] {
  const ranges = world.store.list('/limitranges', pod.metadata.namespace) as LimitRange[];
  return ranges.flatMap((range) => range.spec.limits ?? []);
}

export function defaultLimits(world: ClusterWorld, pod: Pod): void {
  const filled = new Set<string>();
  for (const item of itemsOf(world, pod)) {
    if (item.type !== 'Container') continue;
    for (const container of containersOf(pod)) {
      container.resources ??= {};
      const { resources } = container;
      const limits = { ...item.default, ...resources.limits };
      const requests = { ...item.defaultRequest, ...resources.requests };
      const added = [
        ...missing('cpu', 'request', requests, resources.requests),
        ...missing('memory', 'request', requests, resources.requests),
        ...missing('cpu', 'limit', limits, resources.limits),
        ...missing('memory', 'limit', limits, resources.limits),
      ];
      if (added.length > 0) {
        const requested = added.filter((text) => text.endsWith('request'));
        const limited = added.filter((text) => text.endsWith('limit'));
        const say = (list: string[], word: string) =>
          list.length > 0
            ? [`${list.map((text) => text.split(' ')[0]).join(', ')} ${word} for container ${container.name}`]
            : [];
        for (const text of [...say(requested, 'request'), ...say(limited, 'limit')]) filled.add(text);
      }
      if (Object.keys(limits).length > 0) resources.limits = limits;
      if (Object.keys(requests).length > 0) resources.requests = requests;
    }
  }
  if (filled.size > 0) {
    pod.metadata.annotations = {
      ...pod.metadata.annotations,
      'kubernetes.io/limit-ranger': `LimitRanger plugin set: ${[...filled].join('; ')}`,
    };
    pod.status.qosClass = qosClass(pod);
  }
}

function missing(
  name: string,
  kind: string,
  now: Record<string, string>,
  before: Record<string, string> | undefined,
): string[] {
  return now[name] !== undefined && before?.[name] === undefined ? [`${name} ${kind}`] : [];
}

/** @throws ApiError 403 with every limit that the Pod breaks. */
export function checkLimits(world: ClusterWorld, resource: Resource, pod: Pod): void {
  const faults: string[] = [];
  for (const item of itemsOf(world, pod)) {
    if (item.type !== 'Container') continue;
    for (const { resources } of containersOf(pod)) {
      for (const [name, min] of Object.entries(item.min ?? {})) {
        const request = resources?.requests?.[name];
        if (request === undefined)
          faults.push(`minimum ${name} usage per Container is ${min}.  No request is specified`);
        else if (milliOf(request) < milliOf(min))
          faults.push(`minimum ${name} usage per Container is ${min}, but request is ${request}`);
      }
      for (const [name, max] of Object.entries(item.max ?? {})) {
        const limit = resources?.limits?.[name];
        if (limit === undefined)
          faults.push(`maximum ${name} usage per Container is ${max}.  No limit is specified`);
        else if (milliOf(limit) > milliOf(max))
          faults.push(`maximum ${name} usage per Container is ${max}, but limit is ${limit}`);
      }
    }
  }
  if (faults.length === 0) return;
  const text = faults.length === 1 ? faults[0] : `[${faults.join(', ')}]`;
  throw forbidden(aboutOf(resource, pod.metadata.name), text ?? '');
}
