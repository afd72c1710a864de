/** Jobs: Pods until enough have succeeded, or too many failed, or the time was up. */
import { asJson, copy } from '../json.ts';
import { ApiError } from '../status.ts';
import type { Condition, Job, JsonObject, Pod } from '../types.ts';
import { type ClusterWorld, timestamp } from '../world.ts';
import { recordEvent } from './events.ts';
import { type Controller, own, owner } from './loop.ts';
import { createAsSystem, isOwnedBy, isReady, ownerOf, remove, setStatus } from './tools.ts';

const source = { component: 'job-controller' };

export function jobController(world: ClusterWorld): Controller {
  return {
    delayMs: 50,
    keysOf: (change) => [
      ...own(change, 'batch/jobs'),
      ...(change.storage === '/pods' ? owner(change, 'Job') : []),
    ],
    reconcile(namespace, name) {
      const job = world.store.get('batch/jobs', namespace, name) as Job | undefined;
      if (!job || job.metadata.deletionTimestamp) return undefined;
      const ended = finishedAt(job);
      if (ended !== undefined) return expire(world, job, ended);
      return work(world, job);
    },
  };
}

function finishedAt(job: Job): number | undefined {
  const done = job.status?.conditions?.find(
    (one) => (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True',
  );
  return done ? Date.parse(done.lastTransitionTime ?? '') : undefined;
}

/** Removes a finished Job when its time to live is over. */
function expire(world: ClusterWorld, job: Job, endedAt: number): number | undefined {
  const ttl = job.spec.ttlSecondsAfterFinished;
  if (ttl === undefined) return undefined;
  const left = endedAt + ttl * 1000 - world.clock.now();
  if (left > 0) return left;
  remove(world, job);
  return undefined;
}

function work(world: ClusterWorld, job: Job): number | undefined {
  const now = timestamp(world.clock.now());
  const pods = (world.store.list('/pods', job.metadata.namespace) as Pod[]).filter((pod) =>
    isOwnedBy(pod, job),
  );
  const active = pods.filter(
    (pod) => !['Succeeded', 'Failed'].includes(pod.status.phase) && !pod.metadata.deletionTimestamp,
  );
  const succeeded = pods.filter((pod) => pod.status.phase === 'Succeeded').length;
  const failed = pods.filter((pod) => pod.status.phase === 'Failed').length;
  const base = {
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: active.filter((pod) => isReady(pod.status.conditions)).length,
  };
  if (job.spec.suspend) {
    for (const pod of active) remove(world, pod);
    const condition = { type: 'Suspended', reason: 'JobSuspended', message: 'Job suspended' } as const;
    setStatus(world, job, { ...base, conditions: conditions(now, condition) });
    return undefined;
  }
  const startTime = job.status?.startTime ?? now;
  const deadline = job.spec.activeDeadlineSeconds;
  const left =
    deadline === undefined ? undefined : Date.parse(startTime) + deadline * 1000 - world.clock.now();
  const wanted = job.spec.completions ?? 1;
  const fail = (reason: string, message: string): undefined => {
    for (const pod of active) remove(world, pod);
    const lost = failed + active.length;
    const list = conditions(
      now,
      { type: 'FailureTarget', reason, message },
      { type: 'Failed', reason, message },
    );
    setStatus(world, job, {
      ...base,
      ...(lost > 0 ? { failed: lost } : {}),
      ready: 0,
      startTime,
      conditions: list,
    });
    recordEvent(world, job, 'Warning', reason, message, source);
    return undefined;
  };
  if (succeeded >= wanted) {
    const reason = 'CompletionsReached';
    const message = 'Reached expected number of succeeded pods';
    const list = conditions(
      now,
      { type: 'SuccessCriteriaMet', reason, message },
      { type: 'Complete', reason, message },
    );
    setStatus(world, job, { ...base, startTime, completionTime: now, conditions: list });
    recordEvent(world, job, 'Normal', 'Completed', 'Job completed', source);
    return undefined;
  }
  if (failed > job.spec.backoffLimit)
    return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  if (left !== undefined && left <= 0)
    return fail('DeadlineExceeded', 'Job was active longer than specified deadline');
  createMissing(world, job, Math.min(job.spec.parallelism, wanted - succeeded) - active.length);
  const running = (world.store.list('/pods', job.metadata.namespace) as Pod[]).filter(
    (pod) => isOwnedBy(pod, job) && !['Succeeded', 'Failed'].includes(pod.status.phase),
  ).length;
  setStatus(world, job, { ...base, ...(running > 0 ? { active: running } : {}), startTime });
  return left;
}

function conditions(now: string, ...list: { type: string; reason: string; message: string }[]): Condition[] {
  return list.map((one) => ({ ...one, status: 'True', lastProbeTime: now, lastTransitionTime: now }));
}

function createMissing(world: ClusterWorld, job: Job, count: number): void {
  for (let created = 0; created < count; created += 1) {
    try {
      const pod = createAsSystem(world, 'v1', 'Pod', job.metadata.namespace, {
        metadata: {
          generateName: `${job.metadata.name}-`,
          labels: { ...job.spec.template.metadata?.labels },
          ownerReferences: [asJson(ownerOf(job))],
        },
        spec: copy(job.spec.template.spec) as unknown as JsonObject,
      });
      recordEvent(world, job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, source);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      recordEvent(world, job, 'Warning', 'FailedCreate', `Error creating: ${error.message}`, source);
      return;
    }
  }
}
