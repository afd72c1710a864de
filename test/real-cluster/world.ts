/**
 * The cluster to try ourselves on: a real one when `GREENLIGHT_TEST_KUBECONFIG` names its kubeconfig
 * (`GREENLIGHT_TEST_CONTEXT`: another context than the current one), else the sandbox's. Everything goes into one
 * namespace with a name of its own, and goes with it.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { Manifest } from '../../src/core/cluster.ts';
import { type ConnectedCluster, connectCluster } from '../../src/platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../../src/platforms/kubernetes/kubeconfig.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { startClusterBox } from '../../src/sandbox/cluster/box.ts';
import { createFaults } from '../../src/sandbox/faults.ts';
import { createJournal } from '../../src/sandbox/journal.ts';

export interface RealWorld {
  readonly cluster: ConnectedCluster;
  /** Ours alone: `greenlight-test-3f9a1c`. */
  readonly namespace: string;
  readonly isSandbox: boolean;
  /** An image that runs, and says something. */
  readonly image: string;
  /** Asks again until it is so, for three minutes of the cluster's time at most. */
  until<Value>(look: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value>;
  /** Has it taken away at the end. */
  keepTrack(close: () => Promise<unknown>): void;
}

export const mark = { 'greenlight.dev/request': 'REQ-test' };

export function realWorld(): () => RealWorld {
  let world: RealWorld | undefined;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    world = await openWorld((close) => closing.push(close));
    await world.cluster.apply(namespaceOf(world.namespace));
  });
  afterAll(async () => {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: world?.namespace ?? '' };
    await world?.until(
      async () => world?.cluster.remove(ref, mark),
      (removed) => removed?.state === 'gone',
    );
    for (const close of closing.toReversed()) await close();
  });
  return () => {
    if (!world) throw new Error('the cluster was not opened');
    return world;
  };
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
  const { cluster, advance } = isSandbox ? await sandboxed(keepTrack) : real(file);
  keepTrack(() => cluster.close());
  return {
    ...{ cluster, namespace, isSandbox, keepTrack },
    // A web server that answers on port 80 and logs its start; small, and on every public mirror.
    image: process.env.GREENLIGHT_TEST_IMAGE ?? 'nginxinc/nginx-unprivileged:stable-alpine',
    async until(look, isSo) {
      for (let attempt = 0; attempt < 180; attempt++) {
        const value = await look();
        if (isSo(value)) return value;
        await advance(1_000);
      }
      throw new Error(`it did not come to that: ${JSON.stringify(await look())}`);
    },
  };
}

function real(file: string) {
  const kubeconfig = loadKubeconfig(file);
  const context = process.env.GREENLIGHT_TEST_CONTEXT ?? kubeconfig.getCurrentContext();
  return {
    cluster: connectCluster({ kubeconfig, context, fieldManager: 'greenlight-test' }),
    advance: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  };
}

async function sandboxed(keepTrack: RealWorld['keepTrack']) {
  const clock = createWorldClock({ mode: 'still' });
  const box = await startClusterBox({ port: 0, clock, faults: createFaults(), journal: createJournal() });
  keepTrack(() => box.stop());
  const literal = JSON.stringify({
    clusters: [{ name: 'box', cluster: { server: box.url } }],
    users: [{ name: 'me', user: { token: 'sandbox-cluster-token-admin' } }],
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
  const advance = async (ms: number) => {
    await clock.advance(ms);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { cluster, advance };
}
