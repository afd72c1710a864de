/**
 * Why one Pod is not well. Each cause is a story of its own, because each has another remedy: an image that cannot
 * be pulled, a container that crashes, one that needs more memory than it may have, one that is not ready, a Pod
 * that no node takes. Pure.
 */
import type { Moment } from '../../core/ids.ts';
import { newest } from './events.ts';
import { imageReasons, imageTrouble } from './image-trouble.ts';
import type { ContainerStatus, EventObject, PodObject } from './shapes.ts';
import type { Trouble } from './trouble.ts';

/**
 * From so many restarts on, a crash counts as one that will come again: the kubelet has by then waited 10, 20 and
 * 40 s between them, so that a dependency which merely started later would have been there.
 */
const hopelessRestartsMin = 3;

/** A container that ended badly within this time is not called well, even while it runs again. */
const recentMs = 10 * 60_000;

/**
 * The troubles of a Pod that should be running; none for one that is well, that is being started without a
 * complaint so far, or that is being removed.
 * @param events warning events of its namespace, of any object.
 */
export function troublesOfPod(pod: PodObject, events: readonly EventObject[], now: Moment): Trouble[] {
  if (pod.metadata.deletionTimestamp) return [];
  const warnings = events.filter(
    (event) => event.involvedObject.kind === 'Pod' && event.involvedObject.name === pod.metadata.name,
  );
  const scheduling = schedulingTrouble(pod);
  if (scheduling) return [scheduling];
  if (pod.status.phase === 'Failed') return [endedPod(pod)];

  const told = [
    ...pod.status.initContainerStatuses.map((status) =>
      status.state.running
        ? undefined
        : containerTrouble(status, `init container ${status.name}`, pod, warnings, now),
    ),
    ...pod.status.containerStatuses.map((status) =>
      containerTrouble(status, `container ${status.name}`, pod, warnings, now),
    ),
  ].filter((trouble) => trouble !== undefined);
  if (told.length > 0) return told;
  const other = setupTrouble(pod, warnings) ?? gateTrouble(pod);
  return other ? [other] : [];
}

function schedulingTrouble(pod: PodObject): Trouble | undefined {
  const scheduled = pod.status.conditions.find((condition) => condition.type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  return {
    story: 'unschedulable',
    text: `${scheduled.reason || 'Unschedulable'}: no node takes the Pod: ${scheduled.message || 'no reason given'}`,
    // Room may come: other Pods end, an autoscaler adds a node.
    mayRecover: true,
  };
}

/** Evicted, or its node was shut down: the ReplicaSet makes another one. */
function endedPod(pod: PodObject): Trouble {
  const why = pod.status.message || 'no reason given';
  return {
    story: 'crash',
    text: `${pod.status.reason || 'Failed'}: the Pod was ended: ${why}`,
    mayRecover: true,
  };
}

function containerTrouble(
  status: ContainerStatus,
  who: string,
  pod: PodObject,
  warnings: readonly EventObject[],
  now: Moment,
): Trouble | undefined {
  const { waiting, running, terminated } = status.state;
  if (waiting) {
    if (imageReasons.has(waiting.reason)) return imageTrouble(status, pod, warnings);
    if (waiting.reason === 'CrashLoopBackOff') return crashTrouble(status, who, pod, warnings);
    if (waiting.reason === '' || startingReasons.has(waiting.reason)) return undefined;
    const why = waiting.message || newest(warnings)?.message || 'no reason given';
    return {
      story: 'config',
      text: `${waiting.reason}: the ${who} cannot be started: ${why}`,
      // A Secret or ConfigMap that is missing now may be made by whoever makes it.
      mayRecover: true,
    };
  }
  if (terminated) return terminated.exitCode === 0 ? undefined : crashTrouble(status, who, pod, warnings);
  if (!running) return undefined;
  if (status.ready) return recentTrouble(status, who, pod, now);
  if (status.lastState.terminated && status.lastState.terminated.exitCode !== 0) {
    return crashTrouble(status, who, pod, warnings);
  }
  return unreadyTrouble(who, warnings);
}

const startingReasons = new Set(['ContainerCreating', 'PodInitializing']);

/**
 * The termination message is left out on purpose: it may hold the last lines of a log, and those may hold secrets.
 */
function crashTrouble(
  status: ContainerStatus,
  who: string,
  pod: PodObject,
  warnings: readonly EventObject[],
): Trouble {
  const ended = status.state.terminated ?? status.lastState.terminated;
  const isHopeless = status.restartCount >= hopelessRestartsMin;
  if (ended?.reason === 'OOMKilled') {
    return { story: 'memory', text: `OOMKilled: ${memoryWords(status, who, pod)}`, mayRecover: !isHopeless };
  }
  const name = status.state.waiting?.reason ?? 'Crashed';
  const probe = newest(warnings.filter((event) => event.message.startsWith('Liveness probe failed')));
  const how = ended
    ? `exits with code ${ended.exitCode}${exitWords(ended.exitCode)}`
    : 'ends again and again';
  const cannotStart = ended?.reason === 'StartError' || ended?.reason === 'ContainerCannotRun';
  return {
    story: 'crash',
    text: `${name}: the ${who} ${how}${probe ? `, after its ${lowerFirst(probe.message)}` : ''}`,
    mayRecover: !isHopeless && !cannotStart,
  };
}

/** 128 + signal, and the shell's own codes (POSIX). */
function exitWords(exitCode: number): string {
  const meaning: Readonly<Record<number, string>> = {
    126: 'its command cannot be run',
    127: 'its command is not there',
    137: 'killed',
    139: 'a memory fault',
    143: 'asked to stop',
  };
  return meaning[exitCode] === undefined ? '' : ` (${meaning[exitCode]})`;
}

function memoryWords(status: ContainerStatus, who: string, pod: PodObject): string {
  const container = [...pod.spec.containers, ...pod.spec.initContainers].find(
    (one) => one.name === status.name,
  );
  const limit = container?.resources?.limits.memory;
  return `the ${who} was killed because it needs more memory than ${limit === undefined ? 'there is' : `its limit of ${limit}`}`;
}

/** Runs and is ready, but not for long: a loop that is caught between two crashes looks like this. */
function recentTrouble(
  status: ContainerStatus,
  who: string,
  pod: PodObject,
  now: Moment,
): Trouble | undefined {
  const ended = status.lastState.terminated;
  if (!ended || ended.exitCode === 0 || status.restartCount === 0) return undefined;
  const finishedAt = Date.parse(ended.finishedAt ?? '');
  if (!(now - finishedAt < recentMs)) return undefined;
  const what =
    ended.reason === 'OOMKilled'
      ? `OOMKilled: ${memoryWords(status, who, pod)}`
      : `Restarted: the ${who} ended with code ${ended.exitCode}${exitWords(ended.exitCode)}`;
  return {
    story: 'restarted',
    text: `${what}, within the last 10 minutes, and runs again`,
    mayRecover: true,
  };
}

function unreadyTrouble(who: string, warnings: readonly EventObject[]): Trouble {
  const probe = newest(warnings.filter((event) => /^(?:Readiness|Startup) probe failed/.test(event.message)));
  const why = probe ? `fails: ${lowerFirst(probe.message)}` : 'runs, but has not passed its readiness probe';
  return { story: 'unready', text: `Not ready: the ${who} ${why}`, mayRecover: true };
}

/** Still being created, and something complains: a volume, the network. */
function setupTrouble(pod: PodObject, warnings: readonly EventObject[]): Trouble | undefined {
  if (pod.status.phase !== 'Pending') return undefined;
  const complaint = newest(warnings.filter((event) => event.reason.startsWith('Failed')));
  if (!complaint) return undefined;
  return {
    story: 'config',
    text: `${complaint.reason}: the Pod cannot be set up: ${complaint.message}`,
    mayRecover: true,
  };
}

/** All containers are ready and the Pod is not: its node is silent, or a readiness gate is closed. */
function gateTrouble(pod: PodObject): Trouble | undefined {
  const ready = pod.status.conditions.find((condition) => condition.type === 'Ready');
  const all = pod.status.containerStatuses;
  if (!ready || ready.status === 'True' || all.length === 0 || !all.every((status) => status.ready))
    return undefined;
  const why = ready.message || (ready.status === 'Unknown' ? 'its node does not answer' : 'no reason given');
  return { story: 'unready', text: `Not ready: ${why}`, mayRecover: true };
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
