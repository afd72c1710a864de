/** A run that lost its lock changes nothing of what a newer one did, however late its call arrives. */
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/core/cluster.ts';
import { fenceAnnotation } from '../../../src/core/fence.ts';
import { patchFenced } from '../../../src/platforms/kubernetes/fenced-patch.ts';
import { StatusError, type Transport } from '../../../src/platforms/kubernetes/transport.ts';
import { clusterSandbox, problemOfCall } from './world.ts';

const at = Date.parse('2026-11-20T09:00:00Z');
const payments = ['payments-production', 'payments'] as const;
const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: payments[1], namespace: payments[0] };

const verbs: readonly [string, (cluster: Cluster, fence: number) => Promise<void>][] = [
  ['restart', (cluster, fence) => cluster.restart(...payments, at, fence)],
  ['scale', (cluster, fence) => cluster.scale(...payments, 2, fence)],
];

describe.each(verbs)('%s under a fence', (_verb, write) => {
  it('leaves it on the object, and goes on under the same or a higher one', async () => {
    const { cluster } = await clusterSandbox();
    for (const fence of [7, 7, 8]) {
      await write(cluster, fence);
      expect(await cluster.read(ref)).toMatchObject({
        metadata: { annotations: { [fenceAnnotation]: String(fence) } },
      });
    }
  });

  it('of a run that is no longer the newest changes nothing', async () => {
    const { cluster } = await clusterSandbox();
    await cluster.scale(...payments, 5, 9);
    const before = await cluster.read(ref);
    expect(await problemOfCall(write(cluster, 8))).toMatchObject({
      code: 'conflict',
      sentence: expect.stringContaining('A newer run has changed Deployment payments'),
    });
    expect(await cluster.read(ref)).toEqual(before);
  });

  it('goes on when only a controller has written in between', async () => {
    const { cluster } = await clusterSandbox();
    await cluster.scale(...payments, 1);
    await Promise.all([write(cluster, 5), write(cluster, 5), cluster.scale(...payments, 4)]);
    expect(await cluster.read(ref)).toMatchObject({ metadata: { annotations: { [fenceAnnotation]: '5' } } });
  });

  it('stops at a mark that somebody has written by hand', async () => {
    const { cluster, signIn } = await clusterSandbox();
    await signIn('sandbox-cluster-token-admin', 'hand').apply({
      apiVersion: ref.apiVersion,
      kind: ref.kind,
      metadata: { name: ref.name, namespace: ref.namespace, annotations: { [fenceAnnotation]: 'mine' } },
    });
    const found = await problemOfCall(write(cluster, 5));
    expect(found.sentence).toContain('cannot be read, so nothing was changed');
    expect(found.next).toContain('Remove that annotation');
  });
});

describe('between the look and the write', () => {
  /** Answers each look with the next of these, and every write with what the first `conflicts` of them deserve. */
  const serverOf = (looks: { version: string; fence?: string }[], conflicts: number) => {
    const written: unknown[] = [];
    let refused = 0;
    const call: Transport['call'] = async ({ method, body }) => {
      if (method === 'GET') {
        const { version, fence } = looks.shift() ?? { version: 'none' };
        const annotations = fence === undefined ? {} : { [fenceAnnotation]: fence };
        return { metadata: { resourceVersion: version, annotations } };
      }
      if (refused++ < conflicts) throw conflict;
      written.push(body);
      return {};
    };
    return { transport: { call } as Transport, written };
  };
  const patch = {
    ...{ path: '/x', fieldManager: 'greenlight', about: 'Deployment x', fence: 5 },
    body: { metadata: { annotations: { note: 'kept' } }, spec: { replicas: 2 } },
  };
  const conflict = new StatusError(
    409,
    {
      reason: 'Conflict',
      message: 'the object has been modified',
      details: { name: '', kind: '', causes: [] },
    },
    undefined,
  );

  it('a newer run is seen at the second look, and nothing is written', async () => {
    const { transport, written } = serverOf([{ version: '1' }, { version: '2', fence: '6' }], 1);
    expect(await problemOfCall(patchFenced(transport, patch))).toMatchObject({ code: 'conflict' });
    expect(written).toEqual([]);
  });

  it('a controller costs another look, and the write names the version it was decided on', async () => {
    const { transport, written } = serverOf([{ version: '1' }, { version: '2' }], 1);
    await patchFenced(transport, patch);
    const annotations = { note: 'kept', [fenceAnnotation]: '5' };
    expect(written).toEqual([{ metadata: { resourceVersion: '2', annotations }, spec: { replicas: 2 } }]);
  });

  it('one that is written all the time is left for later', async () => {
    const { transport } = serverOf([], 100);
    expect(await problemOfCall(patchFenced(transport, patch))).toMatchObject({ isTransient: true });
  });
});
