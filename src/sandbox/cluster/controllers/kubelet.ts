/**
 * The kubelet: what happens to a Pod on its node, a step at a time. How it goes is written in the image's name:
 * `imagepull`, `crash`, `oom`, `unready` and `fail` go wrong in their own way, anything else goes well.
 */

import type { PodFailure } from '../../world-calls.ts';
import { asJson, copy, same } from '../json.ts';
import type { ContainerStatus, KubeObject, Pod, Terminated } from '../types.ts';
import { type ClusterWorld, failureAnnotation, podFailures, timestamp } from '../world.ts';
import { recordEvent } from './events.ts';
import { type Controller, own } from './loop.ts';
import { podConditions } from './pod-conditions.ts';

/** Spans of a Pod's life, in ms. */
export const podTimes = {
  pull: 800,
  start: 400,
  ready: 600,
  task: 2_000,
  crashAfter: 1_000,
  stop: 700,
  /** The pause before a restart doubles up to this. Source: kubelet's back-off, 10 s to 5 min. */
  backoffMin: 10_000,
  backoffMax: 300_000,
} as const;

export function kubelet(world: ClusterWorld): Controller {
  return {
    delayMs: 20,
    keysOf: (change) => (change.type === 'DELETED' ? [] : own(change, '/pods')),
    reconcile(namespace, name) {
      const pod = world.store.get('/pods', namespace, name) as Pod | undefined;
      if (!pod?.spec.nodeName) return undefined;
      if (pod.metadata.deletionTimestamp) return stop(world, pod);
      if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return undefined;
      return step(world, copy(pod));
    },
  };
}

/** Ends a Pod that is on its way out, a moment after it was asked to. */
function stop(world: ClusterWorld, pod: Pod): number | undefined {
  const { deletionTimestamp = '', deletionGracePeriodSeconds = 0 } = pod.metadata;
  const askedAt = Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  const left = askedAt + podTimes.stop - world.clock.now();
  if (left > 0) return left;
  if ((pod.metadata.finalizers ?? []).length > 0) {
    if (deletionGracePeriodSeconds === 0) return undefined;
    world.store.put('/pods', { ...pod, metadata: { ...pod.metadata, deletionGracePeriodSeconds: 0 } });
    return undefined;
  }
  world.store.remove('/pods', pod);
  return undefined;
}

const nodeSource = (pod: Pod) => ({ component: 'kubelet', host: pod.spec.nodeName ?? '' });

function failureOf(pod: Pod, container: { image: string }): PodFailure | undefined {
  const asked = pod.metadata.annotations?.[failureAnnotation];
  return podFailures.find((one) => one === asked) ?? podFailures.find((one) => container.image.includes(one));
}

/** One step of the Pod's life. Returns when the next is due, in ms. */
function step(world: ClusterWorld, pod: Pod): number | undefined {
  const now = world.clock.now();
  const time = timestamp(now);
  const statuses = pod.status.containerStatuses;
  const say = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    recordEvent(world, pod, type, reason, message, nodeSource(pod));

  if (!statuses) {
    startPulling(world, pod, time);
    for (const container of pod.spec.containers)
      say('Normal', 'Pulling', `Pulling image "${container.image}"`);
    return podTimes.pull;
  }
  let next: number | undefined;
  const soon = (ms: number) => {
    next = next === undefined ? ms : Math.min(next, ms);
  };
  for (const status of statuses) {
    const container = pod.spec.containers.find((one) => one.name === status.name);
    if (!container) continue;
    const wait = advance(world, pod, status, failureOf(pod, container), now, say);
    if (wait !== undefined) soon(wait);
  }
  settle(pod, time);
  const live = world.store.get('/pods', pod.metadata.namespace, pod.metadata.name);
  if (live && !same(asJson(live), asJson(pod))) world.store.put('/pods', pod as KubeObject);
  return next;
}

function startPulling(world: ClusterWorld, pod: Pod, time: string): void {
  const node = world.store.get('/nodes', undefined, pod.spec.nodeName ?? '') as
    | (KubeObject & { status: { addresses?: { type: string; address: string }[] } })
    | undefined;
  const hostIP = node?.status.addresses?.find((one) => one.type === 'InternalIP')?.address ?? '10.0.0.10';
  pod.status.startTime = time;
  pod.status.hostIP = hostIP;
  pod.status.hostIPs = [{ ip: hostIP }];
  pod.status.containerStatuses = pod.spec.containers.map((container) => ({
    name: container.name,
    state: { waiting: { reason: 'ContainerCreating' } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image,
    imageID: '',
    started: false,
  }));
  pod.status.conditions = podConditions(pod, time);
  world.store.put('/pods', pod as KubeObject);
}

type Say = (type: 'Normal' | 'Warning', reason: string, message: string) => void;

function advance(
  world: ClusterWorld,
  pod: Pod,
  status: ContainerStatus,
  failure: PodFailure | undefined,
  now: number,
  say: Say,
): number | undefined {
  const { waiting, running } = status.state;
  if (waiting) {
    pod.status.podIP ??= `10.244.${world.ids.below(2)}.${2 + world.ids.below(250)}`;
    pod.status.podIPs = [{ ip: pod.status.podIP }];
    if (failure === 'imagepull') return failPull(status, say);
    if (waiting.reason === 'CrashLoopBackOff') {
      const left = restartAt(status) - now;
      if (left > 0) return left;
      status.restartCount += 1;
    }
    return start(world, status, failure, now, say);
  }
  if (running) {
    const ran = now - Date.parse(running.startedAt);
    const crashes = failure === 'crash' || failure === 'oom' || failure === 'fail';
    if (crashes) {
      if (ran < podTimes.crashAfter) return podTimes.crashAfter - ran;
      return crash(pod, status, failure, now, say);
    }
    if (pod.spec.restartPolicy !== 'Always') {
      if (ran < podTimes.task) return podTimes.task - ran;
      status.state = { terminated: terminated(status, 0, 'Completed', now) };
      status.ready = false;
      status.started = false;
      return undefined;
    }
    if (failure === 'unready') {
      if (ran >= podTimes.ready)
        say('Warning', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503');
      // The failing probe is counted again, but not so often that it fills the history.
      return ran < podTimes.ready ? podTimes.ready - ran : 60_000;
    }
    if (!status.ready && ran < podTimes.ready) return podTimes.ready - ran;
    status.ready = true;
  }
  return undefined;
}

function failPull(status: ContainerStatus, say: Say): number {
  const isFirst =
    status.state.waiting?.reason !== 'ErrImagePull' && status.state.waiting?.reason !== 'ImagePullBackOff';
  if (isFirst) {
    say('Warning', 'Failed', `Failed to pull image "${status.image}": not found`);
    status.state = {
      waiting: { reason: 'ErrImagePull', message: `failed to pull image "${status.image}": not found` },
    };
    return podTimes.start;
  }
  say('Normal', 'BackOff', `Back-off pulling image "${status.image}"`);
  status.state = {
    waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${status.image}"` },
  };
  return podTimes.backoffMax;
}

function start(
  world: ClusterWorld,
  status: ContainerStatus,
  failure: PodFailure | undefined,
  now: number,
  say: Say,
): number {
  if (status.restartCount === 0) say('Normal', 'Pulled', `Successfully pulled image "${status.image}"`);
  say('Normal', 'Created', `Created container: ${status.name}`);
  say('Normal', 'Started', `Started container ${status.name}`);
  status.imageID = `${status.image}@sha256:${'0'.repeat(64)}`;
  status.containerID = `containerd://${world.ids.uid().replaceAll('-', '')}${world.ids.uid().replaceAll('-', '')}`;
  status.state = { running: { startedAt: timestamp(now) } };
  status.started = true;
  return failure === 'crash' || failure === 'oom' || failure === 'fail'
    ? podTimes.crashAfter
    : podTimes.ready;
}

function crash(
  pod: Pod,
  status: ContainerStatus,
  failure: PodFailure,
  now: number,
  say: Say,
): number | undefined {
  const [code, reason] = failure === 'oom' ? ([137, 'OOMKilled'] as const) : ([1, 'Error'] as const);
  const ended = terminated(status, code, reason, now);
  status.ready = false;
  status.started = false;
  if (pod.spec.restartPolicy === 'Never') {
    status.state = { terminated: ended };
    return undefined;
  }
  status.lastState = { terminated: ended };
  // A real kubelet restarts once at once, and only then makes it wait: that first restart is taken as read here.
  status.restartCount = Math.max(status.restartCount, 1);
  status.state = {
    waiting: {
      reason: 'CrashLoopBackOff',
      message: `back-off ${backoffText(status.restartCount)} restarting failed container=${status.name} pod=${pod.metadata.name}_${pod.metadata.namespace}`,
    },
  };
  say('Warning', 'BackOff', `Back-off restarting failed container ${status.name}`);
  return Math.max(restartAt(status) - now, 1);
}

function terminated(status: ContainerStatus, exitCode: number, reason: string, now: number): Terminated {
  const startedAt = status.state.running?.startedAt ?? timestamp(now);
  return { exitCode, reason, startedAt, finishedAt: timestamp(now), containerID: status.containerID ?? '' };
}

function backoffOf(restarts: number): number {
  return Math.min(podTimes.backoffMin * 2 ** Math.max(0, restarts - 1), podTimes.backoffMax);
}

function backoffText(restarts: number): string {
  const seconds = backoffOf(restarts) / 1000;
  return seconds >= 60 ? `${Math.floor(seconds / 60)}m${seconds % 60}s` : `${seconds}s`;
}

function restartAt(status: ContainerStatus): number {
  return Date.parse(status.lastState.terminated?.finishedAt ?? '') + backoffOf(status.restartCount);
}

/** Phase and conditions follow from the containers. */
function settle(pod: Pod, time: string): void {
  const statuses = pod.status.containerStatuses ?? [];
  const ended = statuses.every((status) => status.state.terminated);
  if (ended)
    pod.status.phase = statuses.some((status) => status.state.terminated?.exitCode !== 0)
      ? 'Failed'
      : 'Succeeded';
  else if (statuses.some((status) => status.state.running || status.lastState.terminated))
    pod.status.phase = 'Running';
  pod.status.conditions = podConditions(pod, time);
}
