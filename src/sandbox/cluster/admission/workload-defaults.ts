/** What Pods, and everything that makes Pods, get when the request leaves it out. Source: Kubernetes 1.32. */
import { asJson, at, isObject, within } from '../json.ts';
import { milliOf } from '../quantity.ts';
import type { Container, Deployment, Job, JsonObject, KubeObject, Pod, PodTemplate } from '../types.ts';

export const workloadDefaults: Record<string, (object: KubeObject) => void> = {
  Pod: (object) => {
    const pod = object as Pod;
    podSpec(asJson(pod.spec ?? {}));
    for (const container of containersOf(pod)) requestsFromLimits(container);
    asJson(pod).status ??= { phase: 'Pending', qosClass: qosClass(pod) };
  },
  Deployment: (object) => {
    const spec = (object as Deployment).spec;
    if (!spec) return;
    const json = asJson(spec);
    json.replicas ??= 1;
    json.template ??= {};
    template(spec.template);
    const strategy = within(json, 'strategy');
    strategy.type ??= 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') {
      const rolling = within(strategy, 'rollingUpdate');
      rolling.maxUnavailable ??= '25%';
      rolling.maxSurge ??= '25%';
    }
    json.revisionHistoryLimit ??= 10;
    json.progressDeadlineSeconds ??= 600;
    // Where the selector is missing validation complains; it is not derived in apps/v1.
    asJson(object).status ??= {};
  },
  ReplicaSet: (object) => {
    const spec = asJson(object).spec as JsonObject | undefined;
    if (!spec) return;
    spec.replicas ??= 1;
    spec.template ??= {};
    template(spec.template as unknown as PodTemplate);
    asJson(object).status ??= { replicas: 0 };
  },
  StatefulSet: (object) => {
    const spec = asJson(object).spec as JsonObject | undefined;
    if (!spec) return;
    spec.podManagementPolicy ??= 'OrderedReady';
    spec.replicas ??= 1;
    spec.template ??= {};
    template(spec.template as unknown as PodTemplate);
    const strategy = within(spec, 'updateStrategy');
    strategy.type ??= 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') strategy.rollingUpdate ??= { partition: 0 };
    spec.revisionHistoryLimit ??= 10;
    spec.persistentVolumeClaimRetentionPolicy ??= { whenDeleted: 'Retain', whenScaled: 'Retain' };
    asJson(object).status ??= { replicas: 0, availableReplicas: 0 };
  },
  Job: (object) => {
    const job = object as Job;
    const spec = asJson(job.spec ?? {});
    jobSpec(spec);
    labelJobTemplate(job);
    asJson(object).status ??= {};
  },
  CronJob: (object) => {
    const spec = asJson(object).spec as JsonObject | undefined;
    if (!spec) return;
    spec.concurrencyPolicy ??= 'Allow';
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    const inner = within(spec, 'jobTemplate');
    inner.metadata ??= { creationTimestamp: null };
    const jobTemplate = at(inner, 'spec', 'template');
    if (isObject(jobTemplate)) template(jobTemplate as unknown as PodTemplate);
    asJson(object).status ??= {};
  },
};

export function containersOf(pod: { spec?: Pod['spec'] }): Container[] {
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
}

function template(target: PodTemplate): void {
  const json = asJson(target);
  const metadata = within(json, 'metadata');
  metadata.creationTimestamp ??= null;
  json.spec ??= {};
  podSpec(json.spec as JsonObject);
}

function podSpec(spec: JsonObject): void {
  for (const list of [spec.initContainers, spec.containers]) {
    for (const item of Array.isArray(list) ? list : []) if (isObject(item)) container(item);
  }
  spec.restartPolicy ??= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ??= 'ClusterFirst';
  if (typeof spec.serviceAccountName === 'string') spec.serviceAccount = spec.serviceAccountName;
  else if (typeof spec.serviceAccount === 'string') spec.serviceAccountName = spec.serviceAccount;
  spec.securityContext ??= {};
  spec.schedulerName ??= 'default-scheduler';
  for (const volume of Array.isArray(spec.volumes) ? spec.volumes : []) {
    for (const source of ['secret', 'configMap', 'projected', 'downwardAPI']) {
      const found = at(volume, source);
      if (isObject(found)) found.defaultMode ??= 420;
    }
  }
}

function container(target: JsonObject): void {
  target.resources ??= {};
  target.terminationMessagePath ??= '/dev/termination-log';
  target.terminationMessagePolicy ??= 'File';
  const image = String(target.image ?? '');
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  target.imagePullPolicy ??=
    (tag === undefined && !image.includes('@')) || tag === 'latest' ? 'Always' : 'IfNotPresent';
  for (const port of Array.isArray(target.ports) ? target.ports : []) {
    if (isObject(port)) port.protocol ??= 'TCP';
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = target[name];
    if (!isObject(probe)) continue;
    const http = probe.httpGet;
    if (isObject(http)) {
      http.path ??= '/';
      http.scheme ??= 'HTTP';
    }
    probe.timeoutSeconds ??= 1;
    probe.periodSeconds ??= 10;
    probe.successThreshold ??= 1;
    probe.failureThreshold ??= 3;
  }
  for (const entry of Array.isArray(target.env) ? target.env : []) {
    const reference = at(entry, 'valueFrom', 'fieldRef');
    if (isObject(reference)) reference.apiVersion ??= 'v1';
  }
}

function requestsFromLimits(target: Container): void {
  const limits = target.resources?.limits;
  if (!target.resources || !limits) return;
  target.resources.requests = { ...limits, ...target.resources.requests };
}

export function qosClass(pod: Pod): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const all = containersOf(pod);
  const none = all.every(
    ({ resources }) => Object.keys({ ...resources?.requests, ...resources?.limits }).length === 0,
  );
  if (none) return 'BestEffort';
  const guaranteed = all.every(({ resources }) =>
    ['cpu', 'memory'].every(
      (name) =>
        resources?.limits?.[name] !== undefined &&
        milliOf(resources.limits[name]) === milliOf(resources.requests?.[name] ?? resources.limits[name]),
    ),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function jobSpec(spec: JsonObject): void {
  if (spec.completions === undefined && spec.parallelism === undefined) {
    spec.completions = 1;
    spec.parallelism = 1;
  }
  spec.parallelism ??= 1;
  spec.backoffLimit ??= 6;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= 'TerminatingOrFailed';
  spec.template ??= {};
  const inner = spec.template as unknown as PodTemplate;
  const chosen = at(spec, 'template', 'spec', 'restartPolicy');
  template(inner);
  // A Job has no default restart policy that is valid: keep what validation must complain about.
  if (chosen === undefined) asJson(inner.spec).restartPolicy = 'Always';
}

function labelJobTemplate(job: Job): void {
  if (!job.spec || job.spec.selector || !job.metadata.uid) return;
  const uid = job.metadata.uid;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': job.metadata.name,
    'controller-uid': uid,
    'job-name': job.metadata.name,
  };
  job.spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  job.spec.template.metadata ??= {};
  job.spec.template.metadata.labels = { ...job.spec.template.metadata.labels, ...labels };
  // A Job without labels of its own takes those of its template.
  job.metadata.labels ??= { ...job.spec.template.metadata.labels };
}
