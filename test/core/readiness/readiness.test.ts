import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../src/core/cluster.ts';
import { healthOf } from '../../../src/core/readiness.ts';

type Told = [sentence: string, object: Manifest];

function thing(apiVersion: string, kind: string, rest: Record<string, unknown> = {}): Manifest {
  const { metadata, ...more } = rest;
  return { apiVersion, kind, metadata: { name: 'shop', ...(metadata as object) }, ...more } as Manifest;
}

/** A custom resource with these conditions: `Ready=False/InstallFailed: chart not found`. */
function reporting(...told: string[]): Manifest {
  return thing('acme.example/v1', 'Claim', { status: { conditions: told.map(condition) } });
}

function condition(text: string): Record<string, unknown> {
  const [, type, status, reason, message] = /^(.+?)=(\w+)(?:\/(\w+))?(?:: (.+))?$/.exec(text) ?? [];
  return { type, status, reason, message };
}

function pod(status: Record<string, unknown>, spec: Record<string, unknown> = {}): Manifest {
  return thing('v1', 'Pod', { spec, status });
}

const waitingFor = (reason: string, message?: string) => ({
  phase: 'Pending',
  containerStatuses: [{ state: { waiting: { reason, message } } }],
});

describe('the sentence says what a tired person wants to know', () => {
  test.each<Told>([
    ['The Claim shop is ready.', reporting('Ready=True/Available: up')],
    ['The Claim shop failed: chart not found.', reporting('Ready=False/InstallFailed: chart not found.')],
    ['The Claim shop is not ready yet: WaitingForVolume.', reporting('Ready=False/WaitingForVolume')],
    ['The Claim shop is on its way: RolloutInProgress.', reporting('Ready=Unknown/RolloutInProgress')],
    [
      'The Claim shop failed: quota exceeded.',
      reporting('Ready=True', 'Synced=False/ReconcileError: quota exceeded'),
    ],
    ['The Claim shop is not ready yet: Reconciling.', reporting('Ready=True', 'Synced=False/Reconciling')],
    [
      'The Claim shop failed: no such plan.',
      reporting('Ready=Unknown', 'Stalled=True/Invalid: no such plan'),
    ],
    ['The Claim shop is on its way: Working.', reporting('Reconciling=True: Working')],
    ['The Claim shop failed: too slow.', reporting('Progressing=False/ProgressDeadlineExceeded: too slow')],
    ['The Claim shop is ready.', reporting('Available=True', 'Progressing=False/Done', 'Issuing=False')],
    ['The Claim shop is ready.', reporting('Available=True', 'Progressing=True/NewReplicaSetAvailable')],
    ['The Claim shop is paused: by hand.', reporting('Ready=True', 'Paused=True: by hand')],
    [
      'The Claim shop is ready.',
      reporting('Ready=True', 'Paused=False', 'Active=False/Idle', 'Warning=True'),
    ],
    ['The Claim shop does not say how it is.', reporting('Active=True')],
    ['The Claim shop does not say how it is.', thing('acme.example/v1', 'Claim')],
    ['The Claim shop is ready.', thing('acme.example/v1', 'Claim', { status: { state: 'ACTIVE' } })],
    [
      'The Claim shop is on its way (IN_PROGRESS).',
      thing('acme.example/v1', 'Claim', { status: { state: 'IN_PROGRESS' } }),
    ],
    [
      'The Claim shop failed: no disk.',
      thing('acme.example/v1', 'Claim', { status: { phase: 'Failed', message: 'no disk' } }),
    ],
    ['The Claim shop is paused.', thing('acme.example/v1', 'Claim', { status: { phase: 'Hibernated' } })],
    [
      'The Claim shop does not say how it is.',
      thing('acme.example/v1', 'Claim', { status: { phase: 'Frobnicating' } }),
    ],
    [
      'The AnalysisRun shop is on its way (Processing).',
      thing('argoproj.io/v1alpha1', 'AnalysisRun', { status: { phase: 'Running' } }),
    ],
    [
      'The AnalysisRun shop does not tell how it is (Inconclusive).',
      thing('argoproj.io/v1alpha1', 'AnalysisRun', { status: { phase: 'Inconclusive' } }),
    ],
    ['The Certificate shop has not been looked at yet.', thing('cert-manager.io/v1', 'Certificate')],
    ['The ConfigMap shop is there.', thing('v1', 'ConfigMap')],
    ['The NetworkPolicy shop is there.', thing('networking.k8s.io/v1', 'NetworkPolicy')],
    ['The Gateway shop has not been looked at yet.', thing('gateway.networking.k8s.io/v1', 'Gateway')],
    ['The ProviderConfig shop is there.', thing('aws.upbound.io/v1beta1', 'ProviderConfig')],
    [
      'The ProviderConfig shop does not say how it is.',
      thing('aws.upbound.io/v1beta1', 'ProviderConfig', { status: { conditions: [condition('Used=True')] } }),
    ],
    [
      'The HelmRepository shop is there.',
      thing('source.toolkit.fluxcd.io/v1', 'HelmRepository', { spec: { type: 'oci' } }),
    ],
    [
      'The HelmRepository shop has not been looked at yet.',
      thing('source.toolkit.fluxcd.io/v1', 'HelmRepository'),
    ],
    [
      'The Claim shop is being removed.',
      thing('acme.example/v1', 'Claim', { metadata: { deletionTimestamp: '2026-11-18T09:00:00Z' } }),
    ],
    [
      'The HelmRelease shop is paused.',
      thing('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec: { suspend: true } }),
    ],
    ['The Claim shop is paused.', thing('acme.example/v1', 'Claim', { spec: { paused: true } })],
    [
      'The Claim shop is paused.',
      thing('acme.example/v1', 'Claim', { metadata: { annotations: { 'crossplane.io/paused': 'true' } } }),
    ],
  ])('%s', (sentence, object) => {
    expect(healthOf(object).why).toBe(sentence);
  });
});

describe('what was said of an older wish does not count', () => {
  const behind = 'The Claim shop has changed and has not been looked at since.';
  const at = (generation: number, status: Record<string, unknown>) =>
    thing('acme.example/v1', 'Claim', { metadata: { generation }, status });
  test.each<Told>([
    [behind, at(2, { observedGeneration: 1, conditions: [condition('Ready=True')] })],
    [behind, at(2, { observedGeneration: '1', conditions: [condition('Ready=True')] })],
    [behind, at(2, { conditions: [{ ...condition('Ready=True'), observedGeneration: 1 }] })],
    [
      'The Claim shop is ready.',
      at(2, { conditions: [{ ...condition('Ready=True'), observedGeneration: 2 }] }),
    ],
    // A hash, as Argo's Rollout once wrote, tells nothing.
    [
      'The Claim shop is ready.',
      at(2, { observedGeneration: '7bcdbf7bd9', conditions: [condition('Ready=True')] }),
    ],
    [
      'The Claim shop failed: no source.',
      at(1, { observedGeneration: -1, conditions: [condition('Ready=False/ArtifactFailed: no source')] }),
    ],
  ])('%s', (sentence, object) => {
    expect(healthOf(object).why).toBe(sentence);
  });

  test('a route that one of its parents left behind is judged by the others', () => {
    const parents = [
      { conditions: [{ ...condition('Accepted=False/NoMatchingParent'), observedGeneration: 1 }] },
      {
        conditions: [
          { ...condition('Accepted=True'), observedGeneration: 2 },
          condition('ResolvedRefs=True'),
        ],
      },
    ];
    const route = thing('gateway.networking.k8s.io/v1', 'HTTPRoute', {
      metadata: { generation: 2 },
      status: { parents },
    });
    expect(healthOf(route).state).toBe('ready');
  });
});

describe('built-in kinds speak their own language', () => {
  const deployment = (status: Record<string, unknown>, spec: Record<string, unknown> = { replicas: 2 }) =>
    thing('apps/v1', 'Deployment', { spec, status });
  test.each<Told>([
    ['The Deployment shop is paused.', deployment({}, { paused: true })],
    ['The Deployment shop has 0 of 1 Pod updated.', deployment({}, {})],
    ['The Deployment shop has 1 of 2 Pods updated.', deployment({ updatedReplicas: 1 })],
    ['The Deployment shop still has 1 old Pod.', deployment({ replicas: 3, updatedReplicas: 2 })],
    [
      'The Deployment shop has 1 of 2 Pods available.',
      deployment({ replicas: 2, updatedReplicas: 2, availableReplicas: 1 }),
    ],
    [
      'The Deployment shop has 2 of 2 Pods available.',
      deployment({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 }),
    ],
    [
      'The Deployment shop failed: exceeded quota.',
      deployment({ conditions: [condition('ReplicaFailure=True/FailedCreate: exceeded quota')] }),
    ],
    ['The StatefulSet shop has 0 of 1 Pod ready.', thing('apps/v1', 'StatefulSet')],
    [
      'The StatefulSet shop has 0 of 1 Pod updated.',
      thing('apps/v1', 'StatefulSet', {
        status: { readyReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      }),
    ],
    [
      'The StatefulSet shop has 1 of 1 Pod available.',
      thing('apps/v1', 'StatefulSet', {
        spec: { replicas: 1, updateStrategy: { type: 'OnDelete' } },
        status: { readyReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      }),
    ],
    ['The DaemonSet shop has not been looked at yet.', thing('apps/v1', 'DaemonSet')],
    [
      'The DaemonSet shop has 1 of 2 Pods updated.',
      thing('apps/v1', 'DaemonSet', {
        status: { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 1 },
      }),
    ],
    [
      'The DaemonSet shop has 2 of 2 Pods available.',
      thing('apps/v1', 'DaemonSet', {
        status: {
          observedGeneration: 1,
          desiredNumberScheduled: 2,
          updatedNumberScheduled: 2,
          numberAvailable: 2,
        },
      }),
    ],
    ['The ReplicaSet shop has 0 of 1 Pod available.', thing('apps/v1', 'ReplicaSet')],
    [
      'The ReplicaSet shop failed: no rights.',
      thing('apps/v1', 'ReplicaSet', {
        spec: { replicas: 1 },
        status: { conditions: [condition('ReplicaFailure=True: no rights')] },
      }),
    ],
    ['The Pod shop has done its work.', pod({ phase: 'Succeeded' })],
    ['The Pod shop failed: Evicted for room.', pod({ phase: 'Failed', message: 'Evicted for room' })],
    [
      'The Pod shop failed: a container ended with code 3.',
      pod({
        phase: 'Failed',
        containerStatuses: [
          { state: { terminated: { exitCode: 0 } } },
          { state: { terminated: { exitCode: 3 } } },
        ],
      }),
    ],
    ['The Pod shop failed.', pod({ phase: 'Failed' })],
    [
      'The Pod shop cannot start: ImagePullBackOff, not found.',
      pod(waitingFor('ImagePullBackOff', 'not found')),
    ],
    ['The Pod shop cannot start: ErrImagePull.', pod(waitingFor('ErrImagePull'))],
    ['The Pod shop is starting.', pod(waitingFor('ContainerCreating'))],
    ['The Pod shop is at work.', pod({ phase: 'Running' }, { restartPolicy: 'Never' })],
    [
      'The Pod shop is not ready yet: probe.',
      pod({ phase: 'Running', conditions: [condition('Ready=False: probe')] }),
    ],
    ['The Pod shop is not ready yet.', pod({ phase: 'Running' })],
    ['The Pod shop is ready.', pod({ phase: 'Running', conditions: [condition('Ready=True')] })],
    [
      'The Pod shop crashed: a container ended with code 1.',
      pod({ phase: 'Running', containerStatuses: [{ state: { terminated: { exitCode: 1 } } }] }),
    ],
    ['The Job shop is at work.', thing('batch/v1', 'Job')],
    ['The Job shop is paused.', thing('batch/v1', 'Job', { spec: { suspend: true } })],
    [
      'The Job shop has done its work.',
      thing('batch/v1', 'Job', { status: { conditions: [condition('Complete=True')] } }),
    ],
    [
      'The Job shop failed: backoff limit.',
      thing('batch/v1', 'Job', { status: { conditions: [condition('Failed=True: backoff limit')] } }),
    ],
    ['The CronJob shop waits for its time.', thing('batch/v1', 'CronJob')],
    ['The CronJob shop is paused.', thing('batch/v1', 'CronJob', { spec: { suspend: true } })],
    [
      'The CronJob shop failed when it last ran.',
      thing('batch/v1', 'CronJob', {
        status: { lastSuccessfulTime: '2026-11-17T00:00:00Z', lastScheduleTime: '2026-11-18T00:00:00Z' },
      }),
    ],
    [
      'The CronJob shop waits for its time.',
      thing('batch/v1', 'CronJob', {
        status: {
          active: [{}],
          lastSuccessfulTime: '2026-11-17T00:00:00Z',
          lastScheduleTime: '2026-11-18T00:00:00Z',
        },
      }),
    ],
    [
      'The PersistentVolumeClaim shop is ready.',
      thing('v1', 'PersistentVolumeClaim', { status: { phase: 'Bound' } }),
    ],
    [
      'The PersistentVolumeClaim shop failed: its volume is gone.',
      thing('v1', 'PersistentVolumeClaim', { status: { phase: 'Lost' } }),
    ],
    ['The PersistentVolumeClaim shop waits for a volume.', thing('v1', 'PersistentVolumeClaim')],
    ['The Service shop is ready.', thing('v1', 'Service')],
    ['The Service shop waits for an address.', thing('v1', 'Service', { spec: { type: 'LoadBalancer' } })],
    [
      'The Ingress shop has its address.',
      thing('networking.k8s.io/v1', 'Ingress', {
        status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } },
      }),
    ],
    [
      'The HorizontalPodAutoscaler shop is not ready yet.',
      thing('autoscaling/v2', 'HorizontalPodAutoscaler'),
    ],
    [
      'The HorizontalPodAutoscaler shop is ready.',
      thing('autoscaling/v2', 'HorizontalPodAutoscaler', {
        status: { conditions: [condition('ScalingLimited=True/TooFewReplicas')] },
      }),
    ],
    [
      'The HorizontalPodAutoscaler shop cannot scale: no metrics.',
      thing('autoscaling/v1', 'HorizontalPodAutoscaler', {
        metadata: {
          annotations: {
            'autoscaling.alpha.kubernetes.io/conditions': JSON.stringify([
              condition('AbleToScale=False/FailedGetScale: no metrics'),
            ]),
          },
        },
      }),
    ],
    [
      'The CustomResourceDefinition shop is ready.',
      thing('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
        status: { conditions: [condition('Established=True')] },
      }),
    ],
    [
      'The CustomResourceDefinition shop is not ready yet.',
      thing('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
    ],
    [
      'The CustomResourceDefinition shop failed: taken.',
      thing('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
        status: { conditions: [condition('NamesAccepted=False/PluralConflict: taken')] },
      }),
    ],
    ['The Namespace shop is ready.', thing('v1', 'Namespace', { status: { phase: 'Active' } })],
    ['The Namespace shop is not ready yet.', thing('v1', 'Namespace')],
  ])('%s', (sentence, object) => {
    expect(healthOf(object).why).toBe(sentence);
  });
});

describe('operators speak theirs', () => {
  const application = (status: Record<string, unknown>) =>
    thing('argoproj.io/v1alpha1', 'Application', { status });
  const module = (status: Record<string, unknown>) =>
    thing('cyclops-ui.com/v1alpha1', 'Module', { status: { reconciliationStatus: status } });
  const app = (release: Record<string, unknown>) =>
    thing('application.giantswarm.io/v1alpha1', 'App', { status: { release } });
  const stack = (status: Record<string, unknown>) => thing('pulumi.com/v1', 'Stack', { status });
  const postgres = (status: Record<string, unknown>, annotations = {}) =>
    thing('postgresql.cnpg.io/v1', 'Cluster', { metadata: { annotations }, status });
  const rollout = (status: Record<string, unknown>, annotations = {}) =>
    thing('argoproj.io/v1alpha1', 'Rollout', { metadata: { annotations }, status });
  const workload = { 'rollout.argoproj.io/workload-generation': '2' };
  test.each<Told>([
    [
      'The Application shop is ready.',
      application({ health: { status: 'Healthy' }, sync: { status: 'Synced' } }),
    ],
    [
      'The Application shop is not in sync with its repository yet.',
      application({ health: { status: 'Healthy' }, sync: { status: 'OutOfSync' } }),
    ],
    [
      'The Application shop has not been made yet.',
      application({ health: { status: 'Missing' }, sync: { status: 'OutOfSync' } }),
    ],
    ['The Application shop has not been made yet.', application({})],
    ['The Application shop says Odd of itself.', application({ health: { status: 'Odd' } })],
    [
      'The Application shop could not be synced: one or more objects failed to apply.',
      application({ operationState: { phase: 'Failed', message: 'one or more objects failed to apply' } }),
    ],
    ['The Application shop could not be synced.', application({ operationState: { phase: 'Error' } })],
    [
      'The Application shop failed: chart not found.',
      application({ conditions: [{ type: 'ComparisonError', message: 'chart not found' }] }),
    ],
    ['The Module shop is ready.', module({ status: 'succeeded' })],
    ['The Module shop is being made.', module({ status: 'unknown' })],
    [
      'The Module shop failed: no such template; see the log.',
      module({ status: 'failed', reason: 'no such template', errors: ['see the log', ''] }),
    ],
    ['The App shop is being made.', app({})],
    ['The App shop is ready.', app({ status: 'deployed' })],
    ['The App shop is on its way (PENDING_INSTALL).', app({ status: 'PENDING_INSTALL' })],
    ['The App shop failed: timed out.', app({ status: 'FAILED', reason: 'timed out' })],
    [
      'The App shop is not-installed: chart not found.',
      app({ status: 'not-installed', reason: 'chart not found' }),
    ],
    ['The App shop is resting.', app({ status: 'Resting' })],
    ['The Stack shop is being made.', stack({})],
    [
      'The Stack shop failed: up failed 5 times.',
      stack({
        conditions: [
          condition('Ready=False/NotReadyStalled: reconciliation is stalled'),
          condition('Stalled=True/UpdateFailed: up failed 5 times'),
        ],
      }),
    ],
    [
      'The Stack shop is ready.',
      stack({ conditions: [condition('Ready=True')], lastUpdate: { state: 'failed' } }),
    ],
    [
      'The Stack shop is not ready yet: NotReadyInProgress.',
      stack({ conditions: [condition('Ready=False/NotReadyInProgress')] }),
    ],
    [
      'The Stack shop is on its way: busy.',
      stack({
        conditions: [condition('Ready=False/NotReadyInProgress'), condition('Reconciling=True: busy')],
        lastUpdate: { state: 'failed' },
      }),
    ],
    [
      'The Stack shop failed at its last update: no credentials.',
      stack({
        conditions: [condition('Ready=False/NotReady')],
        lastUpdate: { state: 'failed', message: 'no credentials' },
      }),
    ],
    ['The Cluster shop is ready.', postgres({ phase: 'Cluster in healthy state' })],
    ['The Cluster shop is paused.', postgres({}, { 'cnpg.io/reconciliationLoop': 'disabled' })],
    [
      'The Cluster shop is paused.',
      postgres({
        phase: 'Cluster in healthy state',
        conditions: [{ type: 'cnpg.io/hibernation', status: 'True' }],
      }),
    ],
    ['The Cluster shop is being made: Setting up primary.', postgres({ phase: 'Setting up primary' })],
    ['The Cluster shop failed: no primary.', postgres({ phase: 'Failing over', phaseReason: 'no primary' })],
    ['The Cluster shop failed: Not enough disk space.', postgres({ phase: 'Not enough disk space' })],
    [
      'The Rollout shop has not looked at its workload yet.',
      rollout({ workloadObservedGeneration: '1' }, workload),
    ],
    ['The Rollout shop is ready.', rollout({ workloadObservedGeneration: '2', phase: 'Healthy' }, workload)],
    ['The Rollout shop has not been looked at yet.', rollout({})],
    [
      'The Rollout shop failed: aborted.',
      rollout({ replicas: 1, conditions: [condition('Progressing=False/RolloutAborted: aborted')] }),
    ],
    ['The Rollout shop is paused.', rollout({ replicas: 1, controllerPause: true })],
    [
      'The Rollout shop is paused.',
      rollout({ replicas: 1, conditions: [condition('Progressing=Unknown/RolloutPaused')] }),
    ],
    [
      'The Rollout shop has 1 of 1 Pod available.',
      rollout({ replicas: 1, updatedReplicas: 1, availableReplicas: 1 }),
    ],
  ])('%s', (sentence, object) => {
    expect(healthOf(object).why).toBe(sentence);
  });
});

describe('what an operator wrote is not trusted', () => {
  test('a message of a thousand letters is one line of a card', () => {
    const { why } = healthOf(reporting(`Ready=False/InstallFailed: ${'long '.repeat(300)}`));
    expect(why.length).toBeLessThanOrEqual(240);
    expect(why).toMatch(/^The Claim shop failed: long .*…$/);
  });

  test('a password in a message is not handed on', () => {
    const { why } = healthOf(reporting('Ready=False/InstallFailed: cannot reach postgres://app:hunter22@db'));
    expect(why).not.toContain('hunter22');
  });

  test('a chart and its version are no e-mail address', () => {
    expect(healthOf(reporting('Ready=False/UpgradeFailed: chart podinfo@6.5.0 not found')).why).toContain(
      'podinfo@6.5.0',
    );
  });

  test('fields of other types than documented are as good as none', () => {
    const odd = thing('acme.example/v1', 'Claim', {
      spec: [],
      status: { conditions: {}, phase: 7, observedGeneration: {} },
    });
    expect(healthOf(odd).state).toBe('unknown');
    expect(
      healthOf(thing('cyclops-ui.com/v1alpha1', 'Module', { status: { reconciliationStatus: null } })).state,
    ).toBe('progressing');
  });
});
