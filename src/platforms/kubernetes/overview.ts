/** A whole cluster as its operator would sum it up: nodes, what is asked of them, quotas, Pods that are not ready. Pure. */
import type { ClusterOverview, NodeView, QuotaUse, UnreadyPods } from '../../core/cluster-view.ts';
import type { Moment } from '../../core/ids.ts';
import { troublesOfPod } from './pod-troubles.ts';
import { amount } from './quantity.ts';
import type { EventObject, NodeObject, PodObject, QuotaObject } from './shapes.ts';

export interface ClusterState {
  readonly version: string;
  readonly nodes: Iterable<NodeObject>;
  readonly pods: Iterable<PodObject>;
  readonly quotas: Iterable<QuotaObject>;
  /** Warnings about one Pod. */
  eventsAbout(pod: PodObject): readonly EventObject[];
  readonly now: Moment;
}

export function overviewOf(state: ClusterState): Omit<ClusterOverview, 'notSeen'> {
  const pods = [...state.pods];
  const asked = askedOf(pods);
  const nodes = [...state.nodes].map((node) => nodeView(node, asked.get(node.metadata.name)));
  return {
    version: state.version,
    nodes: nodes.sort(
      (one, other) => other.troubles.length - one.troubles.length || one.name.localeCompare(other.name, 'en'),
    ),
    quotas: [...state.quotas].flatMap(usesOf).sort((one, other) => other.share - one.share),
    unready: unreadyOf(pods, state),
    pods: pods.length,
  };
}

interface Asked {
  cpu: number;
  memory: number;
  pods: number;
}

/** What the Pods on each node asked for: that is what the scheduler counts, not what they use. */
function askedOf(pods: readonly PodObject[]): ReadonlyMap<string, Asked> {
  const nodes = new Map<string, Asked>();
  for (const { spec, status } of pods) {
    if (spec.nodeName === '' || status.phase === 'Failed' || status.phase === 'Succeeded') continue;
    const sum = nodes.get(spec.nodeName) ?? { cpu: 0, memory: 0, pods: 0 };
    sum.pods += 1;
    for (const { resources } of spec.containers) {
      sum.cpu += amount(resources?.requests.cpu ?? 0) || 0;
      sum.memory += amount(resources?.requests.memory ?? 0) || 0;
    }
    nodes.set(spec.nodeName, sum);
  }
  return nodes;
}

function nodeView({ metadata, spec, status }: NodeObject, asked: Asked | undefined): NodeView {
  const can = (resource: string) => amount(status.allocatable[resource] ?? 0) || 0;
  return {
    name: metadata.name,
    troubles: [...conditionWords(status.conditions), ...(spec.unschedulable ? ['cordoned'] : [])],
    version: status.nodeInfo.kubeletVersion,
    cpu: { used: asked?.cpu ?? 0, of: can('cpu') },
    memory: { used: asked?.memory ?? 0, of: can('memory') },
    pods: { used: asked?.pods ?? 0, of: can('pods') },
  };
}

/** `Ready` should be true; every other condition (MemoryPressure, DiskPressure, ...) should not. */
function conditionWords(conditions: NodeObject['status']['conditions']): string[] {
  const ready = conditions.find((one) => one.type === 'Ready');
  const why = ready?.message || 'its kubelet says nothing';
  return [
    ...(ready?.status === 'True' ? [] : [`not ready: ${why}`]),
    ...conditions
      .filter((one) => one.type !== 'Ready' && one.status === 'True')
      .map((one) => one.type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()),
  ];
}

function usesOf({ metadata, status }: QuotaObject): QuotaUse[] {
  return Object.entries(status.hard).flatMap(([resource, hard]) => {
    const used = status.used[resource] ?? 0;
    const share = amount(used) / amount(hard);
    if (!Number.isFinite(share)) return [];
    return [
      {
        namespace: metadata.namespace ?? '',
        what: `${metadata.name}: ${resource}`,
        used: String(used),
        hard: String(hard),
        share,
      },
    ];
  });
}

function unreadyOf(pods: readonly PodObject[], state: ClusterState): UnreadyPods[] {
  const found = new Map<string, { count: number; trouble: string }>();
  for (const pod of pods) {
    if (pod.status.phase === 'Failed') continue;
    const [worst] = troublesOfPod(pod, state.eventsAbout(pod), state.now);
    if (worst === undefined || worst.story === 'restarted') continue;
    const namespace = pod.metadata.namespace ?? '';
    const before = found.get(namespace);
    found.set(namespace, { count: (before?.count ?? 0) + 1, trouble: before?.trouble ?? worst.text });
  }
  return [...found]
    .map(([namespace, rest]) => ({ namespace, ...rest }))
    .sort((one, other) => other.count - one.count || one.namespace.localeCompare(other.namespace, 'en'));
}
