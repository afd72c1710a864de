/**
 * The truth about a Deployment, from everything that knows a part of it. A status that only counts Pods lies: a
 * quota smaller than replicas plus surge stalls a rollout, and no Pod shows it; the Deployment's ReplicaFailure
 * condition and the ReplicaSet's FailedCreate events do. Pure.
 */

import type { Workload } from '../../core/cluster.ts';
import type { Moment } from '../../core/ids.ts';
import { count } from '../../core/text.ts';
import { seenAt } from './events.ts';
import { troublesOfPod } from './pod-troubles.ts';
import type { DeploymentObject, EventObject, PodObject, ReplicaSetObject } from './shapes.ts';
import { type Story, stories, type Trouble } from './trouble.ts';

export interface Evidence {
  readonly deployment: DeploymentObject;
  /** Those that the Deployment's selector finds: others' among them are left aside. */
  readonly replicaSets: readonly ReplicaSetObject[];
  readonly pods: readonly PodObject[];
  /** Warning events of the namespace. */
  readonly events: readonly EventObject[];
  readonly now: Moment;
}

/** Health is that of all Pods; whether the rollout `mayRecover` is asked of the newest ReplicaSet's only. */
export function diagnose(evidence: Evidence): Workload {
  const { deployment } = evidence;
  const wanted = deployment.spec.replicas;
  const newest = newestOf(ownSets(evidence));
  const pods = podsOf(evidence);
  const isNewest = (pod: PodObject) => newest !== undefined && isOwnedBy(pod, newest.metadata.uid);
  const isSettled = settled(deployment);
  const isShort = deployment.status.readyReplicas < wanted;

  const rollout = rolloutTroubles(evidence, newest, pods, isSettled);
  const ofPods = pods
    // A Pod that failed was replaced; it explains something only while one is missing.
    .filter((pod) => isShort || pod.status.phase !== 'Failed')
    .map((pod) => ({ pod, troubles: troublesOfPod(pod, evidence.events, evidence.now) }));
  const hopeless = [
    ...rollout,
    ...ofPods.filter(({ pod }) => isNewest(pod)).flatMap(({ troubles }) => troubles),
  ].some((trouble) => !trouble.mayRecover);
  // Until the controller has seen the newest template, all that is told here is about the one before.
  const isSeen = deployment.status.observedGeneration >= deployment.metadata.generation;

  return {
    version: versionOf(deployment),
    image: mainContainer(deployment)?.image ?? '',
    wanted,
    ready: deployment.status.readyReplicas,
    restarts: pods
      .filter((pod) => !pod.metadata.deletionTimestamp)
      .flatMap((pod) => [...pod.status.initContainerStatuses, ...pod.status.containerStatuses])
      .reduce((sum, status) => sum + status.restartCount, 0),
    isSettled,
    troubles: tell(
      rollout,
      ofPods.map(({ troubles }) => troubles),
    ),
    mayRecover: !isSeen || !hopeless,
  };
}

/** The Pods that are the Deployment's, and not merely labelled as its are. */
export function podsOf(evidence: Evidence): PodObject[] {
  const own = ownSets(evidence);
  return evidence.pods.filter((pod) => own.some((set) => isOwnedBy(pod, set.metadata.uid)));
}

export function ownSets({ deployment, replicaSets }: Evidence): ReplicaSetObject[] {
  return replicaSets.filter((set) => isOwnedBy(set, deployment.metadata.uid));
}

function isOwnedBy(
  object: { metadata: { ownerReferences: readonly { uid: string }[] } },
  uid: string,
): boolean {
  return object.metadata.ownerReferences.some((owner) => owner.uid === uid);
}

/** The ReplicaSet of the template that is wanted now: a roll back gives an old one the highest revision again. */
export function newestOf(sets: readonly ReplicaSetObject[]): ReplicaSetObject | undefined {
  const revision = (set: ReplicaSetObject) =>
    Number(set.metadata.annotations['deployment.kubernetes.io/revision'] ?? 0);
  return sets.reduce<ReplicaSetObject | undefined>(
    (best, set) => (best === undefined || revision(set) > revision(best) ? set : best),
    undefined,
  );
}

/** As `kubectl rollout status` decides it. */
function settled({ metadata, spec, status }: DeploymentObject): boolean {
  return (
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas >= spec.replicas &&
    status.replicas <= status.updatedReplicas &&
    status.availableReplicas >= status.updatedReplicas
  );
}

function rolloutTroubles(
  evidence: Evidence,
  newest: ReplicaSetObject | undefined,
  pods: readonly PodObject[],
  isSettled: boolean,
): Trouble[] {
  if (isSettled) return [];
  const { deployment } = evidence;
  const troubles: Trouble[] = [];
  const refusal = creationRefusal(evidence, newest);
  if (refusal !== undefined) {
    troubles.push({
      story: 'cannot_create',
      text: `FailedCreate: Pods cannot be created: ${refusal}`,
      mayRecover: refusalMayPass(refusal, deployment, newest, pods),
    });
  }
  if (deployment.spec.paused) {
    troubles.push({ story: 'paused', text: 'Paused: somebody paused the rollout', mayRecover: false });
  }
  const progressing = deployment.status.conditions.find((condition) => condition.type === 'Progressing');
  if (progressing?.status === 'False' && progressing.reason === 'ProgressDeadlineExceeded') {
    troubles.push({
      story: 'no_progress',
      text: `ProgressDeadlineExceeded: the rollout made no progress for ${deployment.spec.progressDeadlineSeconds} s`,
      mayRecover: false,
    });
  }
  return troubles;
}

/** Why the newest ReplicaSet gets no more Pods, as the server said it. */
function creationRefusal(evidence: Evidence, newest: ReplicaSetObject | undefined): string | undefined {
  // Events outlive their cause by an hour, so they count only while Pods are missing.
  const isShort = newest !== undefined && newest.status.replicas < newest.spec.replicas;
  const [event] = evidence.events
    .filter((one) => one.reason === 'FailedCreate' && one.involvedObject.name === newest?.metadata.name)
    .sort((a, b) => seenAt(b) - seenAt(a));
  // The condition keeps the first refusal's message while others follow (SetCondition in replica_set_utils.go).
  if (isShort && event) return plainRefusal(event.message);
  const failure = [...evidence.deployment.status.conditions, ...(newest?.status.conditions ?? [])].find(
    (condition) => condition.type === 'ReplicaFailure' && condition.status === 'True',
  );
  return failure && plainRefusal(failure.message);
}

/** Without the name of the Pod that was refused: it changes with every attempt. */
function plainRefusal(message: string): string {
  return message
    .replace(/^\(combined from similar events\): /, '')
    .replace(/^Error creating: /, '')
    .replace(/^pods "[^"]*" is forbidden: /, '');
}

function refusalMayPass(
  refusal: string,
  deployment: DeploymentObject,
  newest: ReplicaSetObject | undefined,
  pods: readonly PodObject[],
): boolean {
  // A quota that was made a moment ago has not been counted yet, and a ServiceAccount comes a moment after its namespace.
  if (/status unknown for quota|serviceaccount ".*" not found/.test(refusal)) return true;
  if (/exceeded quota/.test(refusal)) {
    const others = pods.filter((pod) => newest === undefined || !isOwnedBy(pod, newest.metadata.uid));
    const isLeaving = pods.some((pod) => Boolean(pod.metadata.deletionTimestamp));
    return isLeaving || (others.length > 0 && mayGoFirst(deployment) > 0);
  }
  return !/violates PodSecurity|maximum|minimum|limited|must specify|is invalid|not allowed|denied/i.test(
    refusal,
  );
}

/** How many old Pods a rollout may take down before new ones are there: a share is rounded down (Deployment API). */
function mayGoFirst({ spec }: DeploymentObject): number {
  if (spec.strategy.type === 'Recreate') return spec.replicas;
  const { maxUnavailable } = spec.strategy.rollingUpdate;
  if (typeof maxUnavailable === 'number') return maxUnavailable;
  return Math.floor((spec.replicas * Number.parseInt(maxUnavailable, 10)) / 100);
}

/** Worst first; the same words about several Pods are one line. */
function tell(rollout: readonly Trouble[], ofPods: readonly (readonly Trouble[])[]): string[] {
  const lines = new Map<string, { story: Story; text: string; pods: number }>();
  for (const trouble of rollout) lines.set(trouble.text, { ...trouble, pods: 0 });
  for (const trouble of ofPods.flat()) {
    const line = lines.get(trouble.text);
    lines.set(trouble.text, { ...trouble, pods: (line?.pods ?? 0) + 1 });
  }
  return [...lines.values()]
    .sort((a, b) => stories.indexOf(a.story) - stories.indexOf(b.story) || b.pods - a.pods)
    .map((line) => (line.pods > 1 ? `${line.text} (${count(line.pods, 'Pod')})` : line.text));
}

/** What the recommended label says, else the image's tag, else the start of its digest. */
function versionOf(deployment: DeploymentObject): string {
  const label = 'app.kubernetes.io/version';
  const image = mainContainer(deployment)?.image ?? '';
  const tag = /:([^:/@]+)$/.exec(image.replace(/@.*$/, ''))?.[1];
  const digest = /@(sha256:[0-9a-f]{12})/.exec(image)?.[1];
  return (
    deployment.metadata.labels[label] ||
    deployment.spec.template.metadata?.labels[label] ||
    tag ||
    digest ||
    'unknown'
  );
}

/** The container that carries the Deployment's name, else the first: side-cars come and go. */
export function mainContainer({ metadata, spec }: DeploymentObject) {
  const { containers } = spec.template.spec;
  return containers.find((container) => container.name === metadata.name) ?? containers[0];
}
