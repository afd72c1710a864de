/** What the Pods of a Deployment said last: those in trouble first, and of a crash the words before it. */
import type { ContainerLog } from '../../core/cluster.ts';
import { type Evidence, mainContainer } from './diagnose.ts';
import { troublesOfPod } from './pod-troubles.ts';
import type { ContainerStatus, PodObject } from './shapes.ts';
import { StatusError, type Transport } from './transport.ts';
import { stories } from './trouble.ts';

/** Of one container's lines, in bytes: more than anybody reads in chat, and little enough to hold. */
const logBytesMax = 1024 * 1024;

export async function readLogs(
  transport: Transport,
  pods: readonly PodObject[],
  evidence: Evidence,
  most: { readonly pods: number; readonly lines: number },
): Promise<ContainerLog[]> {
  const chosen = worstFirst(pods, evidence).slice(0, most.pods);
  const logs = await Promise.all(
    chosen.map(async ({ pod, trouble }) => {
      const status = speaker(pod, mainContainer(evidence.deployment)?.name);
      if (!status) return { pod: pod.metadata.name, container: '', isPrevious: false, trouble, lines: [] };
      const isPrevious = hasCrashed(status);
      const lines = await tail(transport, pod, { container: status.name, isPrevious, lines: most.lines });
      return lines && { pod: pod.metadata.name, container: status.name, isPrevious, trouble, lines };
    }),
  );
  return logs.filter((log) => log !== undefined);
}

function worstFirst(pods: readonly PodObject[], evidence: Evidence) {
  return pods
    .filter((pod) => !pod.metadata.deletionTimestamp)
    .map((pod) => {
      const [worst] = troublesOfPod(pod, evidence.events, evidence.now).sort(
        (one, other) => stories.indexOf(one.story) - stories.indexOf(other.story),
      );
      return {
        pod,
        trouble: worst?.text ?? '',
        rank: worst === undefined ? stories.length : stories.indexOf(worst.story),
      };
    })
    .sort((one, other) => one.rank - other.rank || restarts(other.pod) - restarts(one.pod));
}

function restarts(pod: PodObject): number {
  return pod.status.containerStatuses.reduce((sum, status) => sum + status.restartCount, 0);
}

/** Whose words explain most: an init container that holds the Pod up, one that is not ready, else the main one. */
function speaker(pod: PodObject, main: string | undefined): ContainerStatus | undefined {
  const { initContainerStatuses, containerStatuses } = pod.status;
  return (
    initContainerStatuses.find((one) => (one.state.terminated?.exitCode ?? 0) !== 0 || hasCrashed(one)) ??
    containerStatuses.find((one) => !one.ready) ??
    containerStatuses.find((one) => one.name === main) ??
    containerStatuses[0]
  );
}

/** It ended badly and what runs now, if anything, has not come as far as being ready. */
function hasCrashed({ state, lastState, ready }: ContainerStatus): boolean {
  if (state.terminated || ready) return false;
  return lastState.terminated !== undefined && lastState.terminated.exitCode !== 0;
}

/** `undefined` when the Pod went away meanwhile; no lines when it has not said anything yet. */
async function tail(
  transport: Transport,
  pod: PodObject,
  of: { readonly container: string; readonly isPrevious: boolean; readonly lines: number },
): Promise<string[] | undefined> {
  const { namespace = '', name } = pod.metadata;
  try {
    const text = await transport.call({
      method: 'GET',
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`,
      query: {
        container: of.container,
        tailLines: String(of.lines),
        limitBytes: String(logBytesMax),
        ...(of.isPrevious ? { previous: 'true' } : {}),
      },
      isText: true,
    });
    return String(text)
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    // "is waiting to start": there are no words yet.
    if (error instanceof StatusError && error.code === 400) return [];
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
}
