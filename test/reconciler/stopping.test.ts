/** Whoever leads no more ends soon, however many clusters there are: its next term waits for that. */
import { expect, onTestFinished, test } from 'vitest';
import type { Cluster } from '../../src/core/cluster.ts';
import { environmentRecord } from '../../src/core/environment-record.ts';
import { startReconciler } from '../../src/reconciler/reconciler.ts';
import { requestAfter } from '../core/requests.ts';
import { deskWorld, noAlarms } from '../desk/desk-world.ts';

test('a look that is stopped ends with the cluster that it is at', async () => {
  const { context } = await deskWorld();
  const record = environmentRecord(requestAfter());
  const { name, blueprint, team, requestId } = record;
  const living = {
    ...{ name, blueprint, team, requestId },
    ...{ cluster: 'another', namespace: 'env-a', url: '', expiresAt: 0 },
  };
  const looked: string[] = [];
  const answered = Promise.withResolvers<void>();
  const nothing = () => Promise.reject(new Error('nobody asks for this here'));
  const reconciler = startReconciler({
    ...{ clock: context.clock, scheduler: noAlarms, log: context.log, catalog: context.catalog },
    desk: {
      records: async () => [{ ...record, living }],
      removals: async () => new Set(),
      ...{ sight: nothing, ask: nothing },
    },
    cluster(name) {
      const slow: Partial<Cluster> = {
        async list() {
          looked.push(name);
          await answered.promise;
          return [];
        },
      };
      return slow as Cluster;
    },
  });
  onTestFinished(() => reconciler.stop());
  void reconciler.look();
  await expect.poll(() => looked).toHaveLength(1);
  const stopped = reconciler.stop();
  answered.resolve();
  await stopped;
  expect(new Set(looked)).toEqual(new Set([context.catalog().environments.cluster]));
});
