/**
 * The cluster to try ourselves on: a real one when `GREENLIGHT_TEST_KUBECONFIG` names its kubeconfig
 * (`GREENLIGHT_TEST_CONTEXT`: another context than the current one), else the sandbox's, with the rights that are shipped.
 * Every file has one namespace with a name of its own; that and every environment made beside it go at its end, whatever
 * has failed.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { Manifest } from '../../src/core/cluster.ts';
import { type ConnectedCluster, connectCluster } from '../../src/platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../../src/platforms/kubernetes/kubeconfig.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { startClusterBox } from '../../src/sandbox/cluster/box.ts';
import { readClusterSeed } from '../../src/sandbox/cluster/seed.ts';
import { createFaults } from '../../src/sandbox/faults.ts';
import { createJournal } from '../../src/sandbox/journal.ts';
import { withRightsAsShipped } from '../kubernetes-rights.ts';

export interface RealWorld {
  readonly cluster: ConnectedCluster;
  /** Ours alone: `greenlight-test-3f9a1c`. */
  readonly namespace: string;
  readonly isSandbox: boolean;
  /** An image that runs, and says something. */
  readonly image: string;
  /** Another one, to deploy; `undefined` when only the first was named. */
  readonly nextImage: string | undefined;
  /** The machine's own time for a real cluster; for the sandbox's one that stands still. */
  readonly clock: WorldClock;
  /** Lets this much of the cluster's time pass, or less. */
  pass(ms: number): Promise<void>;
  /** Asks again until it is so, for three minutes of the cluster's time at most. */
  until<Value>(look: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value>;
  /** Has it taken away at the end. */
  keepTrack(close: () => Promise<unknown>): void;
}

/** The environments go together, then the file's namespace; each may take its three minutes. */
const cleaningMax = 8 * 60_000;

export const mark = { 'greenlight.dev/request': 'REQ-test' };

export function realWorld(): () => RealWorld {
  let world: RealWorld | undefined;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const opened = await openWorld((close) => closing.push(close));
    opened.keepTrack(() => removeNamespace(opened, opened.namespace));
    await opened.cluster.apply(namespaceOf(opened.namespace));
    world = opened;
  });
  afterAll(async () => {
    // In reverse, so that each still finds what it was made with; one that fails holds no other back.
    const failures: unknown[] = [];
    for (const close of closing.toReversed()) await close().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be taken away');
  }, cleaningMax);
  return () => {
    if (!world) throw new Error('the cluster was not opened');
    return world;
  };
}

/** Waits until it is really gone. Its name alone says that it is ours: nobody else draws the same. */
export async function removeNamespace({ cluster, until }: RealWorld, name: string): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Namespace', name };
  await until(
    () => cluster.remove(ref, {}),
    (removed) => removed.state === 'gone',
  );
}

export function namespaceOf(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: mark } };
}

async function openWorld(keepTrack: RealWorld['keepTrack']): Promise<RealWorld> {
  const namespace = `greenlight-test-${randomBytes(3).toString('hex')}`;
  const file = process.env.GREENLIGHT_TEST_KUBECONFIG ?? '';
  const isSandbox = file === '';
  process.stderr.write(
    isSandbox
      ? "GREENLIGHT_TEST_KUBECONFIG is not set: the same is played against the sandbox's cluster.\n"
      : `Playing in the namespace ${namespace} of the cluster in ${file}.\n`,
  );
  const { cluster, clock, pass } = isSandbox ? await sandboxed(keepTrack) : real(file);
  keepTrack(() => cluster.close());
  return {
    ...{ cluster, clock, namespace, isSandbox, pass, keepTrack },
    ...images(process.env),
    async until(look, isSo) {
      for (let attempt = 0; attempt < 180; attempt++) {
        const value = await look();
        if (isSo(value)) return value;
        await pass(1_000);
      }
      throw new Error(`it did not come to that: ${JSON.stringify(await look())}`);
    },
  };
}

/** A Deployment `web` in the world's namespace, by hand, and up. */
export async function serving({ cluster, namespace, image, until }: RealWorld): Promise<void> {
  await cluster.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace, labels: { ...mark, 'app.kubernetes.io/version': '1.0' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [{ name: 'web', image, resources: { requests: { cpu: '10m', memory: '16Mi' } } }],
        },
      },
    },
  });
  await until(
    () => cluster.workload(namespace, 'web'),
    (workload) => workload?.isSettled === true,
  );
}

/** A web server that logs its start; small, and on every public mirror. */
function images(env: NodeJS.ProcessEnv): Pick<RealWorld, 'image' | 'nextImage'> {
  const named = env.GREENLIGHT_TEST_IMAGE;
  const image = named ?? 'nginxinc/nginx-unprivileged:stable-alpine';
  // Where only one was named, another may not be within reach.
  const other = named === undefined ? 'nginxinc/nginx-unprivileged:alpine' : undefined;
  return { image, nextImage: env.GREENLIGHT_TEST_NEXT_IMAGE ?? other };
}

function real(file: string) {
  const kubeconfig = loadKubeconfig(file);
  const context = process.env.GREENLIGHT_TEST_CONTEXT ?? kubeconfig.getCurrentContext();
  return {
    cluster: connectCluster({ kubeconfig, context, fieldManager: 'greenlight-test' }),
    clock: createWorldClock({ mode: 'running' }),
    pass: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 1_000))),
  };
}

async function sandboxed(keepTrack: RealWorld['keepTrack']) {
  const clock = createWorldClock({ mode: 'still' });
  const seed = withRightsAsShipped(readClusterSeed());
  const box = await startClusterBox({
    ...{ port: 0, clock, seed, faults: createFaults(), journal: createJournal() },
  });
  keepTrack(() => box.stop());
  const literal = JSON.stringify({
    clusters: [{ name: 'box', cluster: { server: box.url } }],
    users: [{ name: 'me', user: { token: 'sandbox-cluster-token-greenlight' } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'box', user: 'me' } }],
  });
  const cluster = connectCluster({
    kubeconfig: loadKubeconfig({ literal }),
    context: 'sandbox',
    fieldManager: 'greenlight-test',
    now: clock.now,
    scheduler: clock,
  });
  // What happens travels over a socket: a moment of the machine's time as well.
  const pass = async (ms: number) => {
    await clock.advance(ms);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { cluster, clock, pass };
}
