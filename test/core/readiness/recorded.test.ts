/**
 * Health against recorded objects of real operators, and the health that Argo CD gives them. Where we say something
 * else on purpose, the reason is beside it.
 */

import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../../../src/core/cluster.ts';
import { type HealthState, healthOf } from '../../../src/core/readiness.ts';
import { readShared } from '../../platforms/shared-data.ts';

const folder = 'kubernetes-operators';

const states: Readonly<Record<string, HealthState>> = {
  Healthy: 'ready',
  Progressing: 'progressing',
  Degraded: 'failed',
  Suspended: 'suspended',
  Unknown: 'unknown',
};

/** File -> what we say, and why not what Argo CD says. */
const deviations: Readonly<Record<string, readonly [ours: HealthState, because: string]>> = {
  'batch/CronJob/testdata/suspended.yaml': [
    'suspended',
    'it will not run: a person asking about it wants to know',
  ],
  'karpenter.sh/NodePool/testdata/degraded.yaml': [
    'progressing',
    'NotReady alone gives no reason to give up',
  ],
  'pkg.crossplane.io/Provider/testdata/degraded_healthy.yaml': [
    'progressing',
    'UnpackingPackage is what every installation begins with',
  ],
  'pod-running-restart-never-with-ignore-annotation': [
    'progressing',
    "only Argo CD's own annotation calls a Pod ready that has yet to end",
  ],
};

test('recorded custom resources get the health that Argo CD gives them, but for the deviations named here', () => {
  const index = readShared(`${folder}/readiness-cases/INDEX.json`);
  if (index === undefined) return;
  const cases = JSON.parse(index) as { file: string; expected: string }[];
  const told = cases.map(({ file, expected }) => ({
    file,
    expected: states[expected],
    ...healthOf(readManifest(`${folder}/readiness-cases/${file}`)),
  }));
  const agree = told.filter((one) => one.state === one.expected);
  console.log(`readiness: ${agree.length} of ${told.length} recorded custom resources agree with Argo CD`);
  const others = told.filter((one) => one.state !== one.expected);
  expect(others.map(deviation)).toEqual(others.map(({ file }) => [file, deviations[file]?.[0]]));
  expect(agree.length).toBeGreaterThanOrEqual(145);
});

/** What the name of each file says, as Argo CD's own tests read it. */
const builtIn: Readonly<Record<string, HealthState>> = {
  'apiservice-v1-false': 'progressing',
  'apiservice-v1-true': 'ready',
  'apiservice-v1beta1-false': 'progressing',
  'apiservice-v1beta1-true': 'ready',
  'application-degraded': 'failed',
  'application-healthy': 'ready',
  'daemonset-ondelete': 'ready',
  'deployment-degraded': 'failed',
  'deployment-progressing': 'progressing',
  'deployment-suspended': 'suspended',
  'hpa-v1-degraded': 'failed',
  'hpa-v1-degraded-failedgetobjectmetric': 'failed',
  'hpa-v1-healthy': 'ready',
  'hpa-v1-healthy-toofew': 'ready',
  'hpa-v1-progressing': 'progressing',
  'hpa-v1-progressing-with-no-annotations': 'progressing',
  'hpa-v2-degraded': 'failed',
  'hpa-v2-healthy': 'ready',
  'hpa-v2-progressing': 'progressing',
  ingress: 'ready',
  'ingress-nonemptylist': 'ready',
  'ingress-unassigned': 'progressing',
  'job-failed': 'failed',
  'job-running': 'progressing',
  'job-succeeded': 'ready',
  'job-suspended': 'suspended',
  // Knative's, which has only its name in common with the built-in one.
  'knative-service': 'progressing',
  'pod-crashloop': 'failed',
  'pod-deletion': 'progressing',
  'pod-error': 'failed',
  'pod-failed': 'failed',
  'pod-imagepullbackoff': 'failed',
  'pod-pending': 'progressing',
  'pod-running-not-ready': 'progressing',
  'pod-running-restart-always': 'ready',
  'pod-running-restart-never': 'progressing',
  'pod-running-restart-never-hook-with-ignore-annotation': 'progressing',
  'pod-running-restart-never-with-ignore-annotation': 'ready',
  'pod-running-restart-never-with-ignore-annotation-backoff': 'failed',
  'pod-running-restart-onfailure': 'failed',
  'pod-succeeded': 'ready',
  'pvc-bound': 'ready',
  'pvc-pending': 'progressing',
  statefulset: 'ready',
  'statefulset-ondelete': 'ready',
  'svc-clusterip': 'ready',
  'svc-loadbalancer': 'ready',
  'svc-loadbalancer-nonemptylist': 'ready',
  'svc-loadbalancer-unassigned': 'progressing',
};

test('recorded built-in kinds get the health that their file names say, but for the deviations named here', () => {
  if (readShared(`${folder}/readiness-cases-builtin/ingress.yaml`) === undefined) return;
  const told = Object.entries(builtIn).map(([file, expected]) => ({
    file,
    expected,
    ...healthOf(readManifest(`${folder}/readiness-cases-builtin/${file}.yaml`)),
  }));
  const agree = told.filter((one) => one.state === one.expected);
  console.log(`readiness: ${agree.length} of ${told.length} recorded built-in kinds agree with Argo CD`);
  const others = told.filter((one) => one.state !== one.expected);
  expect(others.map(deviation)).toEqual(others.map(({ file }) => [file, deviations[file]?.[0]]));
  expect(agree.length).toBeGreaterThanOrEqual(48);
});

function deviation({ file, state }: { file: string; state: HealthState }) {
  return [file, state];
}

function readManifest(path: string): Manifest {
  const text = readShared(path) ?? '';
  const [first] = parseAllDocuments(text).flatMap((document) => document.toJS() ?? []);
  return { ...first, metadata: { name: 'nameless', ...first?.metadata } } as Manifest;
}
