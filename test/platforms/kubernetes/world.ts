/** The sandbox's cluster with a still clock, and our own eyes and hands on it. */
import { onTestFinished } from 'vitest';
import type { Cluster, Manifest } from '../../../src/core/cluster.ts';
import { type Problem, ProblemError } from '../../../src/core/problem.ts';
import { connectCluster } from '../../../src/platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../../../src/platforms/kubernetes/kubeconfig.ts';
import { createWorldClock, type WorldClock } from '../../../src/sandbox/clock.ts';
import { type ClusterBox, startClusterBox } from '../../../src/sandbox/cluster/box.ts';
import { createFaults, type Faults } from '../../../src/sandbox/faults.ts';
import { createJournal, type Journal } from '../../../src/sandbox/journal.ts';

export const adminToken = 'sandbox-cluster-token-admin';
const greenlightToken = 'sandbox-cluster-token-greenlight';

export interface ClusterSandbox {
  readonly box: ClusterBox;
  readonly clock: WorldClock;
  readonly faults: Faults;
  readonly journal: Journal;
  /** With all rights: what Greenlight may do in a cluster is another test's (rights.test.ts). */
  readonly cluster: Cluster;
  /** Another caller, of another name to server-side apply; ten seconds of patience when not said otherwise. */
  signIn(token: string, fieldManager?: string, timeoutMs?: number): Cluster;
  /** The bot's own eyes, by which people see with their own rights. */
  impersonating(token?: string): Cluster;
}

export async function clusterSandbox(): Promise<ClusterSandbox> {
  const clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-20T09:00:00Z') });
  const faults = createFaults();
  const journal = createJournal();
  const box = await startClusterBox({ port: 0, clock, faults, journal });
  onTestFinished(() => box.stop());
  const signIn = (
    token: string,
    fieldManager = 'greenlight',
    timeoutMs = 10_000,
    isImpersonating = false,
  ) => {
    const kubeconfig = loadKubeconfig({ literal: kubeconfigFor(box.url, token) });
    const cluster = connectCluster({
      kubeconfig,
      context: 'sandbox',
      fieldManager,
      timeoutMs,
      now: clock.now,
      scheduler: clock,
      draw: () => 0.5,
      isImpersonating: () => isImpersonating,
    });
    onTestFinished(() => cluster.close());
    return cluster;
  };
  return {
    box,
    clock,
    faults,
    journal,
    cluster: signIn(adminToken),
    signIn,
    impersonating: (token = greenlightToken) => signIn(token, 'greenlight', 10_000, true),
  };
}

/** What a call was refused with. Anything but a ProblemError fails the test: adapters throw nothing else. */
export async function problemOfCall(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('it was not refused');
}

export const ours = { 'greenlight.dev/request': 'REQ-12' };

export function namespace(name = 'env-a'): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: ours } };
}

export function configMap(data: Record<string, string>, labels: Record<string, string> = ours): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'env-a', labels }, data };
}

export function webDeployment(image: string, replicas = 1): Manifest {
  const app = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'env-a', labels: ours },
    spec: {
      replicas,
      selector: { matchLabels: app },
      template: { metadata: { labels: app }, spec: { containers: [{ name: 'web', image }] } },
    },
  };
}

/** A kubeconfig for the box at this address, whose one context is `sandbox`. */
export function kubeconfigFor(server: string, token: string = greenlightToken): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'box', cluster: { server } }],
    users: [{ name: 'me', user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'box', user: 'me' } }],
    'current-context': 'sandbox',
  });
}
