/** The five conditions of a Pod on its node, from the state of its containers. */
import type { Condition, Pod } from '../types.ts';

export function podConditions(pod: Pod, now: string): Condition[] {
  const statuses = pod.status.containerStatuses ?? [];
  const before = new Map(pod.status.conditions?.map((one) => [one.type, one]));
  const unready = statuses.filter((status) => !status.ready).map((status) => status.name);
  const done = pod.status.phase === 'Succeeded';
  const created = statuses.some((status) => status.state.waiting?.reason !== 'ContainerCreating');
  const condition = (
    type: string,
    isTrue: boolean,
    why?: { reason: string; message?: string },
  ): Condition => {
    const status = isTrue ? 'True' : 'False';
    const known = before.get(type);
    return {
      type,
      status,
      lastProbeTime: null,
      lastTransitionTime: known?.status === status ? (known.lastTransitionTime ?? now) : now,
      ...(isTrue ? {} : (why ?? {})),
    };
  };
  const waiting = done
    ? { reason: 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const ready = unready.length === 0 && statuses.length > 0 && !done;
  return [
    { ...condition('PodScheduled', true) },
    condition('PodReadyToStartContainers', created),
    condition('Initialized', true),
    condition('ContainersReady', ready, waiting),
    condition('Ready', ready, waiting),
  ];
}
