/**
 * Whether a Kubernetes object is what was asked for, and if not, why: the kinds that every cluster has, and custom
 * resources by what their operators commonly write. Pure; held against 200 recorded objects in its test.
 */
import type { Manifest } from './cluster.ts';
import {
  byAddress,
  healthOfAutoscaler,
  healthOfClaim,
  healthOfCronJob,
  healthOfDefinition,
  healthOfJob,
  healthOfNamespace,
  healthOfService,
} from './readiness/built-in.ts';
import { healthByConditions, isBehind } from './readiness/conditions.ts';
import { type Health, health, worst } from './readiness/health.ts';
import { type Observed, observe, textIn } from './readiness/observed.ts';
import {
  healthOfApp,
  healthOfApplication,
  healthOfModule,
  healthOfPostgres,
  healthOfRollout,
  healthOfStack,
  phaseOf,
} from './readiness/operators.ts';
import { healthByPhase } from './readiness/phases.ts';
import { healthOfPod } from './readiness/pod.ts';
import {
  healthOfDaemonSet,
  healthOfDeployment,
  healthOfReplicaSet,
  healthOfStatefulSet,
} from './readiness/workloads.ts';

export type { Health, HealthState } from './readiness/health.ts';

/**
 * `unknown` is for what does not say how it is, by its status of now: many custom resources never do, so whoever waits
 * needs a condition of their own for those. `failed` may still recover when its operator tries again.
 */
export function healthOf(manifest: Manifest): Health {
  const object = observe(manifest);
  if (object.isBeingRemoved) return health('progressing', object, 'is being removed');
  if (isBehind(object)) return health('progressing', object, 'has changed and has not been looked at since');
  const special = kinds[`${object.kind}.${object.group}`];
  if (special) return special(object);
  if (isPausedByWish(object)) return health('suspended', object, 'is paused');
  return healthByConvention(object);
}

/** By kind and API group: what is not here follows the conventions. */
const kinds: Readonly<Record<string, (object: Observed) => Health>> = {
  'Deployment.apps': healthOfDeployment,
  'StatefulSet.apps': healthOfStatefulSet,
  'DaemonSet.apps': healthOfDaemonSet,
  'ReplicaSet.apps': healthOfReplicaSet,
  'Pod.': healthOfPod,
  'PersistentVolumeClaim.': healthOfClaim,
  'Service.': healthOfService,
  'Namespace.': healthOfNamespace,
  'Job.batch': healthOfJob,
  'CronJob.batch': healthOfCronJob,
  'Ingress.networking.k8s.io': byAddress,
  'HorizontalPodAutoscaler.autoscaling': healthOfAutoscaler,
  'CustomResourceDefinition.apiextensions.k8s.io': healthOfDefinition,
  'Application.argoproj.io': healthOfApplication,
  'Rollout.argoproj.io': healthOfRollout,
  'Module.cyclops-ui.com': healthOfModule,
  'App.application.giantswarm.io': healthOfApp,
  'Stack.pulumi.com': healthOfStack,
  'Cluster.postgresql.cnpg.io': healthOfPostgres,
};

/** Flux, Cluster API and KEDA are paused by a field, Crossplane by an annotation. */
function isPausedByWish({ spec, annotations }: Observed): boolean {
  return spec.suspend === true || spec.paused === true || annotations['crossplane.io/paused'] === 'true';
}

function healthByConvention(object: Observed): Health {
  const phase = phaseOf(object);
  const told = [
    healthByConditions(object),
    healthByPhase(
      object,
      isRunningToEnd(object, phase) ? 'Processing' : phase,
      textIn(object.status.message),
    ),
  ].filter((one) => one !== undefined);
  const [first, ...others] = told;
  if (first) return worst(first, ...others);
  if (isSilent(object)) return health('ready', object, 'is there');
  return reporting.test(object.group)
    ? health('progressing', object, 'has not been looked at yet')
    : health('unknown', object, 'does not say how it is');
}

/** An AnalysisRun or a Workflow that runs has yet to say how it went; a service that runs is well. */
function isRunningToEnd({ kind }: Observed, phase: string): boolean {
  return phase === 'Running' && /(?:Run|Workflow)$/.test(kind);
}

/** Kinds without a status: to be there is all they can. */
function isSilent({ group, kind, spec, conditions }: Observed): boolean {
  const isBuiltIn = !group.includes('.') || group.endsWith('.k8s.io');
  return (isBuiltIn && !group.startsWith('gateway.')) ||
    /^(?:Composition|ProviderConfig|ClusterProviderConfig)$/.test(kind)
    ? conditions.length === 0
    : kind === 'HelmRepository' && spec.type === 'oci';
}

/** Whose resources always get a status: without one their operator has not come by yet. */
const reporting =
  /(?:^|\.)(?:argoproj\.io|bitnami\.com|cert-manager\.io|crossplane\.io|external-secrets\.io|fluxcd\.io|kafka\.strimzi\.io|keda\.sh|knative\.dev|kro\.run|rabbitmq\.com|cluster\.x-k8s\.io|gateway\.networking\.k8s\.io)$/;
