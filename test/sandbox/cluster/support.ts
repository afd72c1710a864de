/** A cluster box on a still clock, and the official client on it. */
import {
  ApiException,
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
} from '@kubernetes/client-node';
import { createWorldClock, type WorldClock } from '../../../src/sandbox/clock.ts';
import { type ClusterBox, startClusterBox } from '../../../src/sandbox/cluster/box.ts';
import { type ClusterSeed, readClusterSeed } from '../../../src/sandbox/cluster/seed.ts';
import { createFaults, type Faults } from '../../../src/sandbox/faults.ts';
import { createJournal } from '../../../src/sandbox/journal.ts';

export const adminToken = 'sandbox-cluster-token-admin';
export const botToken = 'sandbox-cluster-token-greenlight';

export interface TestCluster {
  readonly box: ClusterBox;
  readonly clock: WorldClock;
  readonly faults: Faults;
}

/** The sandbox's own cluster unless told otherwise. */
export async function startTestCluster(seed: ClusterSeed = readClusterSeed()): Promise<TestCluster> {
  const clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-21T09:00:00Z') });
  const faults = createFaults();
  const box = await startClusterBox({ port: 0, clock, faults, journal: createJournal(), seed });
  return { box, clock, faults };
}

export function kubeConfig(url: string, token: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'sandbox', server: url, skipTLSVerify: true }],
    users: [{ name: 'user', token }],
    contexts: [{ name: 'sandbox', cluster: 'sandbox', user: 'user' }],
    currentContext: 'sandbox',
  });
  return config;
}

export function clientsOf(url: string, token = adminToken) {
  const config = kubeConfig(url, token);
  return {
    config,
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    network: config.makeApiClient(NetworkingV1Api),
    rbac: config.makeApiClient(RbacAuthorizationV1Api),
    authorization: config.makeApiClient(AuthorizationV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
  };
}

/** A plain request, for what the typed client cannot say. */
export async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, never> }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

/** The Status with which a call of the official client was refused. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<{ code: number; reason: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    const body = typeof error.body === 'string' ? JSON.parse(error.body) : error.body;
    return { code: error.code, reason: body.reason, message: body.message };
  }
  throw new Error('It was not refused.');
}
