/** Deployments: one ReplicaSet per template, scaled against each other so that enough Pods always serve. */
import { asJson, canonical, copy, same } from '../json.ts';
import type { Deployment, JsonObject, KubeObject, ReplicaSet } from '../types.ts';
import { type ClusterWorld, templateHash } from '../world.ts';
import { deadlineIn, writeDeploymentStatus } from './deployment-status.ts';
import { recordEvent } from './events.ts';
import { type Controller, own, owner } from './loop.ts';
import { change, createAsSystem, isOwnedBy, ownerOf, remove } from './tools.ts';

const source = { component: 'deployment-controller' };
const revisionKey = 'deployment.kubernetes.io/revision';
const hashKey = 'pod-template-hash';

export function deploymentController(world: ClusterWorld): Controller {
  return {
    delayMs: 20,
    keysOf: (changed) => [
      ...own(changed, 'apps/deployments'),
      ...(changed.storage === 'apps/replicasets' ? owner(changed, 'Deployment') : []),
    ],
    reconcile(namespace, name) {
      const deployment = world.store.get('apps/deployments', namespace, name) as Deployment | undefined;
      if (!deployment) return undefined;
      const sets = () =>
        (world.store.list('apps/replicasets', namespace) as ReplicaSet[]).filter((set) =>
          isOwnedBy(set, deployment),
        );
      if (deployment.metadata.deletionTimestamp) return undefined;
      const matching = findNew(deployment, sets());
      let created = false;
      if (!deployment.spec.paused) {
        if (!matching) {
          created = createNew(world, deployment, sets());
        } else takeUp(world, deployment, matching, sets());
        const fresh = findNew(deployment, sets());
        if (fresh) {
          setRevision(world, deployment, fresh);
          if (deployment.spec.strategy.type === 'Recreate') recreate(world, deployment, fresh, sets());
          else roll(world, deployment, fresh, sets());
        }
        cleanUp(world, deployment, sets());
      } else if (matching) {
        const old = sets().filter((set) => set !== matching && set.spec.replicas > 0);
        if (old.length === 0) scale(world, deployment, matching, deployment.spec.replicas);
      }
      const live = world.store.get('apps/deployments', namespace, name) as Deployment;
      writeDeploymentStatus(world, live, findNew(live, sets()), sets(), created);
      return deadlineIn(world, world.store.get('apps/deployments', namespace, name) as Deployment);
    },
  };
}

/** The set whose template is the Deployment's own, apart from the hash label. */
export function findNew(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets]
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
    .find((set) => {
      const template = copy(set.spec.template);
      if (template.metadata?.labels) delete template.metadata.labels[hashKey];
      return same(asJson(template), asJson(deployment.spec.template));
    });
}

function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[revisionKey] ?? 0);
}

function createNew(world: ClusterWorld, deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  const hash = templateHash(canonical(asJson(deployment.spec.template)) + deployment.metadata.uid);
  const labels = { ...deployment.spec.template.metadata?.labels, [hashKey]: hash };
  const revision = Math.max(0, ...sets.map(revisionOf)) + 1;
  const name = `${deployment.metadata.name}-${hash}`;
  const recreating =
    deployment.spec.strategy.type === 'Recreate' && sets.some((set) => set.status.replicas > 0);
  const replicas = recreating ? 0 : newReplicas(deployment, sets, 0);
  const { annotations } = scaleAnnotations(deployment);
  createAsSystem(world, 'apps/v1', 'ReplicaSet', deployment.metadata.namespace, {
    metadata: {
      name,
      labels,
      annotations: { ...inherited(deployment), ...annotations, [revisionKey]: String(revision) },
      ownerReferences: [asJson(ownerOf(deployment))],
    },
    spec: {
      replicas,
      ...(deployment.spec.minReadySeconds ? { minReadySeconds: deployment.spec.minReadySeconds } : {}),
      selector: {
        ...copy(asJson(deployment.spec.selector)),
        matchLabels: { ...deployment.spec.selector.matchLabels, [hashKey]: hash },
      },
      template: {
        ...copy(asJson(deployment.spec.template)),
        metadata: { ...asJson(deployment.spec.template.metadata ?? {}), labels },
      } as JsonObject,
    },
  });
  if (replicas > 0) say(world, deployment, name, 0, replicas);
  return true;
}

/** Annotations that a ReplicaSet takes over from its Deployment. */
function inherited(deployment: Deployment): Record<string, string> {
  const skipped = ['kubectl.kubernetes.io/last-applied-configuration', revisionKey];
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !skipped.includes(key)),
  );
}

/** A template that was there before (a rollback) becomes the newest revision again. */
function takeUp(
  world: ClusterWorld,
  deployment: Deployment,
  set: ReplicaSet,
  sets: readonly ReplicaSet[],
): void {
  const newest = Math.max(0, ...sets.filter((one) => one !== set).map(revisionOf));
  const { annotations } = scaleAnnotations(deployment);
  const revision = revisionOf(set) > newest ? revisionOf(set) : newest + 1;
  const wanted: Record<string, string> = {
    ...set.metadata.annotations,
    ...annotations,
    [revisionKey]: String(revision),
  };
  if (same(wanted, set.metadata.annotations)) return;
  change(world, set, (live) => ({ ...live, metadata: { ...live.metadata, annotations: wanted } }));
}

function setRevision(world: ClusterWorld, deployment: Deployment, set: ReplicaSet): void {
  const revision = set.metadata.annotations?.[revisionKey] ?? '1';
  if (deployment.metadata.annotations?.[revisionKey] === revision) return;
  const edit = (live: KubeObject) => ({
    ...live,
    metadata: { ...live.metadata, annotations: { ...live.metadata.annotations, [revisionKey]: revision } },
  });
  change(world, deployment, edit, undefined, 'status');
}

/** How many more and how many fewer Pods than wanted a rolling update may have. */
export function bounds(deployment: Deployment): { surge: number; unavailable: number } {
  const { replicas, strategy } = deployment.spec;
  if (strategy.type === 'Recreate') return { surge: 0, unavailable: replicas };
  const part = (value: number | string | undefined, round: (x: number) => number) =>
    typeof value === 'string' && value.endsWith('%')
      ? round((Number.parseInt(value, 10) / 100) * replicas)
      : Number(value ?? 0);
  const surge = part(strategy.rollingUpdate?.maxSurge, Math.ceil);
  const unavailable = part(strategy.rollingUpdate?.maxUnavailable, Math.floor);
  // Both rounded to nothing would never move.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas) };
}

function scaleAnnotations(deployment: Deployment): { annotations: Record<string, string> } {
  const { replicas } = deployment.spec;
  return {
    annotations: {
      'deployment.kubernetes.io/desired-replicas': String(replicas),
      'deployment.kubernetes.io/max-replicas': String(replicas + bounds(deployment).surge),
    },
  };
}

function newReplicas(deployment: Deployment, sets: readonly ReplicaSet[], current: number): number {
  const total = sets.reduce((sum, set) => sum + set.spec.replicas, 0);
  const most = deployment.spec.replicas + bounds(deployment).surge;
  if (total >= most) return current;
  return current + Math.min(most - total, deployment.spec.replicas - current);
}

function roll(
  world: ClusterWorld,
  deployment: Deployment,
  fresh: ReplicaSet,
  sets: readonly ReplicaSet[],
): void {
  const wanted = deployment.spec.replicas;
  if (fresh.spec.replicas > wanted) {
    scale(world, deployment, fresh, wanted);
    return;
  }
  if (fresh.spec.replicas < wanted) {
    const next = newReplicas(deployment, sets, fresh.spec.replicas);
    if (next > fresh.spec.replicas) {
      scale(world, deployment, fresh, next);
      return;
    }
  }
  const old = sets.filter((set) => set.metadata.uid !== fresh.metadata.uid && set.spec.replicas > 0);
  if (old.length === 0) {
    refreshAnnotations(world, deployment, sets);
    return;
  }
  const least = wanted - bounds(deployment).unavailable;
  const newUnavailable = fresh.spec.replicas - (fresh.status.availableReplicas ?? 0);
  const total = sets.reduce((sum, set) => sum + set.spec.replicas, 0);
  let spare = total - least - newUnavailable;
  // Those that do not serve anyway go first; then healthy ones, as far as enough remain.
  for (const set of [...old].sort((a, b) => revisionOf(a) - revisionOf(b))) {
    const broken = Math.min(set.spec.replicas - (set.status.availableReplicas ?? 0), Math.max(spare, 0));
    if (broken > 0) {
      spare -= broken;
      scale(world, deployment, set, set.spec.replicas - broken);
      return;
    }
  }
  const available = sets.reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0);
  let surplus = available - least;
  for (const set of old) {
    const down = Math.min(set.spec.replicas, Math.max(surplus, 0));
    if (down > 0) {
      surplus -= down;
      scale(world, deployment, set, set.spec.replicas - down);
    }
  }
}

function recreate(
  world: ClusterWorld,
  deployment: Deployment,
  fresh: ReplicaSet,
  sets: readonly ReplicaSet[],
): void {
  const old = sets.filter((set) => set.metadata.uid !== fresh.metadata.uid);
  for (const set of old) if (set.spec.replicas > 0) scale(world, deployment, set, 0);
  const oldPods = world.store
    .list('/pods', deployment.metadata.namespace)
    .some((pod) => old.some((set) => isOwnedBy(pod, set)));
  if (!oldPods) scale(world, deployment, fresh, deployment.spec.replicas);
}

function scale(world: ClusterWorld, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const { annotations } = scaleAnnotations(deployment);
  const before = set.spec.replicas;
  const wanted = { ...set.metadata.annotations, ...annotations };
  if (before === replicas && same(wanted, set.metadata.annotations)) return;
  change(
    world,
    set,
    (live) =>
      ({
        ...live,
        metadata: { ...live.metadata, annotations: wanted },
        spec: { ...(live as ReplicaSet).spec, replicas },
      }) as KubeObject,
  );
  if (before !== replicas) say(world, deployment, set.metadata.name, before, replicas);
}

function refreshAnnotations(world: ClusterWorld, deployment: Deployment, sets: readonly ReplicaSet[]): void {
  for (const set of sets) if (set.spec.replicas > 0) scale(world, deployment, set, set.spec.replicas);
}

function say(world: ClusterWorld, deployment: Deployment, name: string, from: number, to: number): void {
  const word = to > from ? 'up' : 'down';
  const message = `Scaled ${word} replica set ${name} from ${from} to ${to}`;
  recordEvent(world, deployment, 'Normal', 'ScalingReplicaSet', message, source);
}

/** Old sets beyond the history limit go, oldest first. */
function cleanUp(world: ClusterWorld, deployment: Deployment, sets: readonly ReplicaSet[]): void {
  const fresh = findNew(deployment, sets);
  const empty = sets.filter((set) => set !== fresh && set.spec.replicas === 0 && set.status.replicas === 0);
  const surplus = empty.length - deployment.spec.revisionHistoryLimit;
  for (const set of empty.sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(surplus, 0))) {
    remove(world, set);
  }
}
